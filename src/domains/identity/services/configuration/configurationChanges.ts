import type { ClientBase, Pool } from 'pg';
import sql, { raw } from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import type { KeysetPage } from '../../../../platform/keyset.ts';
import type { Settings } from './configuration.ts';
import type { PlannedChange } from './planConfiguration.ts';

/** One change of a workspace's configuration: who made it, when, from what to what. */
export interface ConfigurationChange extends PlannedChange {
  readonly id: string;
  readonly workspaceId: string;
  readonly actorId: string;
  readonly before: Settings;
  readonly after: Settings;
  readonly createdAt: Date;
}

/** Keeps changes, in the transaction that makes them. */
export async function recordConfigurationChanges(
  client: ClientBase,
  { workspaceId, actorId }: Pick<ConfigurationChange, 'workspaceId' | 'actorId'>,
  changes: readonly PlannedChange[],
): Promise<void> {
  for (const { ruleId, before, after } of changes) {
    await client.query(sql`
      INSERT INTO configuration_change (id, workspace_id, actor_id, rule_id, before, after)
      VALUES (${uuidv7()}, ${workspaceId}, ${actorId}, ${ruleId}, ${JSON.stringify(before)},
              ${JSON.stringify(after)})`);
  }
}

/** One page of a workspace's changes, newest first. */
export async function listConfigurationChanges(
  pool: Pool,
  workspaceId: string,
  { after, before, limit, backwards }: KeysetPage<string>,
): Promise<readonly ConfigurationChange[]> {
  const { rows } = await pool.query<ConfigurationChange>(sql`
    SELECT id, workspace_id AS "workspaceId", actor_id AS "actorId", rule_id AS "ruleId", before,
           after, created_at AS "createdAt"
    FROM configuration_change
    WHERE workspace_id = ${workspaceId}
      AND ${after === null ? sql`true` : sql`id < ${after}::uuid`}
      AND ${before === null ? sql`true` : sql`id > ${before}::uuid`}
    ORDER BY id ${raw(backwards ? 'ASC' : 'DESC')}
    LIMIT ${limit}`);
  return rows;
}
