import type { ClientBase } from 'pg';
import sql from 'sql-template-tag';
import type { RuleContext } from '../../rules/rule.ts';

/** What the rules that judge the records of a batch know beside the record. */
export async function ruleContext(
  client: ClientBase,
  batch: { readonly id: string; readonly workspaceId: string },
): Promise<RuleContext> {
  const { rows } = await client.query<Pick<RuleContext, 'defaultCountry' | 'today'>>(sql`
    SELECT w.default_country AS "defaultCountry",
           to_char(b.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS today
    FROM workspace w, staged_batch b WHERE w.id = ${batch.workspaceId} AND b.id = ${batch.id}`);
  if (rows[0] === undefined) throw new Error(`There is no batch ${batch.id} in its workspace.`);
  return { ...rows[0], parameters: new Map() };
}
