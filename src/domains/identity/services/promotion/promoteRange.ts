import type { ClientBase } from 'pg';
import { profileByName } from '../../profiles/registry.ts';
import type { BatchRun } from '../staging/batchRun.ts';
import type { StagedBatch } from '../staging/stagedBatch.ts';
import { wantsFourEyes } from '../workspaceService.ts';
import type { Promoter } from './acceptedFindings.ts';
import { applyBisecting, type Rows } from './applyBisecting.ts';
import { createPlannedChanges } from './plannedChanges.ts';
import { promoteArchiveRange } from './promoteArchiveRange.ts';
import type { PromotedCounts } from './promotedCounts.ts';
import { promoteFindings } from './promoteFindings.ts';
import { promoteImportRange } from './promoteImportRange.ts';
import { recordFailure } from './recordFailure.ts';
import { refusedReason } from './refusedReason.ts';
import { lockExternalIds } from './takenExternalIds.ts';

/** Puts what is accepted of a range's records into production, with its change history. */
export async function promoteRange(
  client: ClientBase,
  batch: StagedBatch,
  run: Pick<BatchRun, 'actorId'>,
  { firstRow, endRow }: Rows,
): Promise<PromotedCounts> {
  const promoter = await promoterOf(client, batch, run.actorId);
  await createPlannedChanges(client);
  await lockExternalIds(client, batch);
  return applyBisecting(
    client,
    { firstRow, endRow },
    (rows) => applyRows(client, batch, promoter, rows),
    (rowIndex, error) => recordFailure(client, batch.id, rowIndex, refusedReason(error)),
  );
}

function applyRows(
  client: ClientBase,
  batch: StagedBatch,
  promoter: Promoter,
  rows: Rows,
): Promise<PromotedCounts> {
  switch (profileByName(batch.profile).kind) {
    case 'audit':
      return promoteFindings(client, batch, promoter, rows);
    case 'import':
      return promoteImportRange(client, batch, promoter, rows);
    default:
      return promoteArchiveRange(client, batch, promoter, rows);
  }
}

/** Who promotes a batch, under the rules of its workspace as they are now. */
export async function promoterOf(
  client: ClientBase,
  { workspaceId }: Pick<StagedBatch, 'workspaceId'>,
  actorId: string,
): Promise<Promoter> {
  return { actorId, fourEyes: await wantsFourEyes(client, workspaceId) };
}
