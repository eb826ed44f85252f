import type { Pool } from 'pg';
import sql from 'sql-template-tag';
import { badUserInput } from '../../../../platform/errors.ts';
import { inTransaction } from '../../../../platform/postgres/pool.ts';
import { recordConfigurationChanges } from '../configuration/configurationChanges.ts';
import { difference } from '../configuration/planConfiguration.ts';

/** A constraint of the table says the same. */
const MOST_DAYS = 3_650;

/**
 * Says after how many days batches that have come to an end are thinned; null for never.
 *
 * @throws `BAD_USER_INPUT` for anything but 1 to 3650 days
 */
export async function setRetention(
  pool: Pool,
  input: {
    readonly workspaceId: string;
    readonly retentionDays: number | null;
    readonly actorId: string;
  },
): Promise<void> {
  const { workspaceId, retentionDays } = input;
  if (retentionDays !== null && (retentionDays < 1 || retentionDays > MOST_DAYS)) {
    throw badUserInput('input.retentionDays', `Give 1 to ${MOST_DAYS} days, or null for never.`);
  }
  await inTransaction(pool, async (client) => {
    const { rows } = await client.query<{ before: number | null }>(sql`
      SELECT retention_days AS before FROM workspace WHERE id = ${workspaceId} FOR NO KEY UPDATE`);
    const before = rows[0]?.before ?? null;
    const changes = difference('', { retentionDays: before }, { retentionDays });
    if (changes.length === 0) return;
    await client.query(sql`
      UPDATE workspace SET retention_days = ${retentionDays}, updated_at = now()
      WHERE id = ${workspaceId}`);
    await recordConfigurationChanges(client, input, changes);
  });
}
