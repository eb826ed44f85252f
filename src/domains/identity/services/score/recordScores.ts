import type { ClientBase } from 'pg';
import sql from 'sql-template-tag';
import type { StagedBatch } from '../staging/stagedBatch.ts';
import { measureQuality } from './measureQuality.ts';
import { scoreOf } from './score.ts';

/**
 * Keeps how good an audit has found the data of its workspace to be, type by type, once the ledger has
 * it. An audit that the ledger leaves out says nothing of the data as it is now.
 */
export async function recordScores(
  client: ClientBase,
  { id, workspaceId }: StagedBatch,
): Promise<void> {
  const { rowCount } = await client.query(sql`
    SELECT FROM staged_batch WHERE id = ${id} AND ledger_counts IS NOT NULL`);
  if (rowCount === 0) return;
  const { types = [] } = (await measureQuality(client, [workspaceId])).get(workspaceId) ?? {};
  const scores = types.map(({ entityType, entityCount, lostTenths }) => ({
    ...{ entityType, entityCount },
    score: scoreOf(lostTenths, entityCount),
  }));
  await client.query(sql`
    INSERT INTO quality_score (workspace_id, batch_id, entity_type, score, entity_count)
    SELECT ${workspaceId}, ${id}, "entityType", score, "entityCount"
    FROM jsonb_to_recordset(${JSON.stringify(scores)}::jsonb)
      AS s("entityType" entity_type, score float8, "entityCount" int)`);
}
