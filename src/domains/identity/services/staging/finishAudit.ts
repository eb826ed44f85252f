import type { ClientBase } from 'pg';
import { certify } from '../certificate/certify.ts';
import { updateLedger } from '../ledger/updateLedger.ts';
import { recordScores } from '../score/recordScores.ts';
import type { StagedBatch } from './stagedBatch.ts';
import { trimUnchanged } from './trimUnchanged.ts';

/**
 * Draws the sum of an audit whose steps are all done: its certificate, the ledger, the scores. In the
 * transaction that brings the batch to rest, so that an audit is remembered as a whole or not at all.
 */
export async function finishAudit(client: ClientBase, batch: StagedBatch): Promise<void> {
  await certify(client, batch);
  await updateLedger(client, batch);
  await recordScores(client, batch);
  await trimUnchanged(client, batch);
}
