import type { ClientBase, Pool } from 'pg';
import sql from 'sql-template-tag';
import { inTransaction } from '../../../../platform/postgres/pool.ts';
import { assertNotArchived } from '../workspaceArchive.ts';
import { type Configuration, readConfiguration } from './configuration.ts';
import { recordConfigurationChanges } from './configurationChanges.ts';
import { type ConfigurationInput, isChanged, planConfiguration } from './planConfiguration.ts';

/**
 * Configures a workspace, all of what is asked or nothing. Audits and imports go by it that are
 * created from then on; a batch keeps the rules that it was created with.
 *
 * @returns how many rules changed, the workspace itself counting as one
 * @throws `BAD_USER_INPUT` for a rule, parameter, value or country that there is not; `CONFLICT` in an
 *   archived workspace
 */
export function configureWorkspace(
  pool: Pool,
  input: ConfigurationInput & { readonly actorId: string },
): Promise<number> {
  const { workspaceId } = input;
  return inTransaction(pool, async (client) => {
    // Locks the workspace: others who configure it wait, audits don't.
    await assertNotArchived(client, workspaceId);
    const current = await readConfiguration(client, workspaceId);
    const { configuration, changes } = planConfiguration(current, input);
    const touched = new Set(changes.map(({ ruleId }) => ruleId));
    await keepCountry(client, workspaceId, configuration, touched.has(''));
    await keepSettings(client, workspaceId, configuration, touched);
    await recordConfigurationChanges(client, input, changes);
    return changes.length;
  });
}

async function keepCountry(
  client: ClientBase,
  workspaceId: string,
  { defaultCountry }: Configuration,
  isTouched: boolean,
): Promise<void> {
  if (!isTouched) return;
  await client.query(sql`
    UPDATE workspace SET default_country = ${defaultCountry}, updated_at = now()
    WHERE id = ${workspaceId}`);
}

async function keepSettings(
  client: ClientBase,
  workspaceId: string,
  { settings }: Configuration,
  touched: ReadonlySet<string>,
): Promise<void> {
  const kept = [...settings.values()].filter(({ ruleId }) => touched.has(ruleId));
  await client.query(sql`
    DELETE FROM rule_setting
    WHERE workspace_id = ${workspaceId} AND rule_id = ANY(${kept.map(({ ruleId }) => ruleId)})`);
  await client.query(sql`
    INSERT INTO rule_setting (workspace_id, rule_id, enabled, severity, parameters)
    SELECT ${workspaceId}::uuid, "ruleId", enabled, severity, parameters
    FROM jsonb_to_recordset(${JSON.stringify(kept.filter(isChanged))}::jsonb)
      AS s("ruleId" text, enabled boolean, severity severity, parameters jsonb)`);
}
