import pg, { type ClientBase } from 'pg';
import sql from 'sql-template-tag';
import type { EntityType } from '../../rules/entities.ts';
import type { Promoter } from '../promotion/acceptedFindings.ts';
import type { Rows } from '../promotion/applyBisecting.ts';
import { recordFailure } from '../promotion/recordFailure.ts';
import { refusedReason } from '../promotion/refusedReason.ts';
import { withoutNestedLoops } from '../promotion/withoutNestedLoops.ts';
import type { StagedBatch } from '../staging/stagedBatch.ts';
import { applyMerge } from './applyMerge.ts';
import type { FieldSource } from './mergeDuplicates.ts';
import { TouchedVersions } from './touchedVersions.ts';
import { isWaitingMerge, mayPromoteMerge } from './waitingMerges.ts';

/** Which entities become one. */
export interface PlannedMerge {
  readonly id: string;
  readonly entityType: EntityType;
  readonly survivorId: string;
  readonly loserIds: readonly string[];
  readonly rowIndex: number;
  readonly fieldFrom: readonly FieldSource[];
}

/** What became of how many merges: entities that were merged, and records that were left. */
export interface MergedCounts {
  readonly merged: number;
  readonly conflict: number;
  readonly failed: number;
}

/**
 * Puts the merges of a range into production whose survivors' records lie in it, one after the other.
 * One that the database refuses is left, and keeps no other from production.
 */
export async function applyMerges(
  client: ClientBase,
  batch: StagedBatch,
  promoter: Promoter,
  { firstRow, endRow }: Rows,
): Promise<MergedCounts> {
  const { rows: merges } = await withoutNestedLoops(client, () =>
    client.query<PlannedMerge>(sql`
    SELECT id, entity_type AS "entityType", survivor_id AS "survivorId", loser_ids AS "loserIds",
           row_index AS "rowIndex", field_from AS "fieldFrom"
    FROM merge m
    WHERE m.batch_id = ${batch.id} AND m.row_index >= ${firstRow} AND m.row_index < ${endRow}
      AND ${isWaitingMerge} AND ${mayPromoteMerge(promoter)}
    ORDER BY m.row_index, m.id`),
  );
  const counts = { merged: 0, conflict: 0, failed: 0 };
  const touched = await TouchedVersions.ofMembers(
    client,
    batch.id,
    merges.flatMap(({ survivorId, loserIds }) => [survivorId, ...loserIds]),
  );
  for (const merge of merges) {
    await client.query('SAVEPOINT merging');
    touched.begin();
    try {
      const isMerged = await applyMerge(client, batch, promoter, merge, touched);
      await client.query('RELEASE SAVEPOINT merging');
      touched.keep();
      if (isMerged) counts.merged += merge.loserIds.length;
      else counts.conflict += 1;
    } catch (error) {
      if (!(error instanceof pg.DatabaseError) || !/^2[23]/.test(error.code ?? '')) throw error;
      await client.query('ROLLBACK TO SAVEPOINT merging; RELEASE SAVEPOINT merging');
      await recordFailure(client, batch.id, merge.rowIndex, refusedReason(error));
      counts.failed += 1;
    }
  }
  await touched.rebase(client);
  return counts;
}
