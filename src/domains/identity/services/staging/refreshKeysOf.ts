import type { Pool } from 'pg';
import { inTransaction } from '../../../../platform/postgres/pool.ts';
import { profileByName } from '../../profiles/registry.ts';
import { type ImportedRows, typesAmong } from '../imports/matching/importedRows.ts';
import { refreshMatchKeys } from '../imports/matching/matchKeys.ts';
import { batchRules } from './batchRules.ts';
import type { StagedBatch } from './stagedBatch.ts';

/**
 * Brings the match keys up to date that rows of an import are matched by; does nothing for other
 * batches. Comes before the transaction that matches the rows.
 */
export async function refreshKeysOf(
  pool: Pool,
  batch: Pick<StagedBatch, 'id' | 'workspaceId' | 'profile'>,
  rows: ImportedRows,
): Promise<void> {
  const profile = profileByName(batch.profile);
  if (profile.kind !== 'import' || !profile.matchesEntities) return;
  const { context, entityTypes } = await inTransaction(pool, async (client) => ({
    context: (await batchRules(client, batch)).context,
    entityTypes: await typesAmong(client, batch.id, rows),
  }));
  await refreshMatchKeys(pool, batch.workspaceId, entityTypes, context);
}
