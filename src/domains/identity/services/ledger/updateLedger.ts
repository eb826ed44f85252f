import type { ClientBase } from 'pg';
import sql from 'sql-template-tag';
import { withoutNestedLoops } from '../promotion/withoutNestedLoops.ts';
import type { StagedBatch } from '../staging/stagedBatch.ts';
import type { LedgerCounts } from './ledgerCounts.ts';
import { recordFound } from './recordFound.ts';
import { resolveMissing } from './resolveMissing.ts';

/**
 * Brings the ledger up to date with what an audit has found, once all its steps are done. Only what
 * is new or different is written: findings that an earlier audit has found with the same values stay
 * untouched, so that an audit costs and keeps as much as has changed.
 *
 * An audit that was overtaken, by failing and being retried after a later one was done, looked at data
 * that is older than the ledger; it leaves it as it is.
 */
export async function updateLedger(client: ClientBase, batch: StagedBatch): Promise<void> {
  if (await wasOvertaken(client, batch)) return;
  // The findings of the batch, and at first the ledger, have no statistics yet.
  await withoutNestedLoops(client, async () => {
    const found = await recordFound(client, batch);
    const resolved = await resolveMissing(client, batch);
    await keepCounts(client, batch, { ...found, resolved });
  });
}

async function wasOvertaken(client: ClientBase, batch: StagedBatch): Promise<boolean> {
  const { rowCount } = await client.query(sql`
    SELECT FROM staged_batch later JOIN staged_batch b ON b.id = ${batch.id}
    WHERE later.workspace_id = ${batch.workspaceId} AND later.ledger_counts IS NOT NULL
      AND later.created_at > b.created_at
    LIMIT 1`);
  return rowCount === 1;
}

async function keepCounts(
  client: ClientBase,
  { id, workspaceId }: StagedBatch,
  counts: Omit<LedgerCounts, 'persisting'>,
): Promise<void> {
  const { rows } = await client.query<{ open: number }>(sql`
    SELECT count(*)::int AS open FROM ledger_entry WHERE workspace_id = ${workspaceId} AND open`);
  const persisting = (rows[0]?.open ?? 0) - counts.new - counts.regressed;
  const kept: LedgerCounts = { ...counts, persisting };
  await client.query(sql`
    UPDATE staged_batch SET ledger_counts = ${JSON.stringify(kept)} WHERE id = ${id}`);
}
