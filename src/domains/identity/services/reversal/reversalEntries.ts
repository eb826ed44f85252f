import type { ClientBase, Pool } from 'pg';
import sql, { raw } from 'sql-template-tag';
import type { KeysetPage } from '../../../../platform/keyset.ts';
import type { ReversalOutcome } from '../../generated/prisma/enums.ts';
import { type EntityChange, findEntityChanges } from '../entityHistory.ts';

/** What a reversal did about one change. */
export interface ReversalEntry {
  readonly outcome: ReversalOutcome;
  /** Why it was not undone. */
  readonly reason: string | null;
  readonly change: EntityChange;
  /** The change that stands in the way, where one does. */
  readonly blockedBy: EntityChange | null;
}

/** A reversal entry that names its changes by their ids. */
export interface EntryRow extends Pick<ReversalEntry, 'outcome' | 'reason'> {
  readonly changeId: string;
  readonly blockedById: string | null;
}

/** One page of what a reversal did, in the order of the changes' ids. */
export async function listReversalEntries(
  pool: Pool,
  runId: string,
  outcome: ReversalOutcome | null,
  { after, before, limit, backwards }: KeysetPage<string>,
): Promise<readonly ReversalEntry[]> {
  const { rows } = await pool.query<EntryRow>(sql`
    SELECT outcome, reason, change_id AS "changeId", blocked_by AS "blockedById"
    FROM reversal_entry
    WHERE run_id = ${runId}
      AND ${outcome === null ? sql`true` : sql`outcome = ${outcome}`}
      AND ${after === null ? sql`true` : sql`change_id > ${after}`}
      AND ${before === null ? sql`true` : sql`change_id < ${before}`}
    ORDER BY change_id ${raw(backwards ? 'DESC' : 'ASC')}
    LIMIT ${limit}`);
  return withChanges(pool, rows);
}

/** What a run of this transaction has not undone; the first entries, where there are more. */
export async function readNotReversed(
  client: ClientBase,
  runId: string,
  limit: number,
): Promise<readonly EntryRow[]> {
  const { rows } = await client.query<EntryRow>(sql`
    SELECT outcome, reason, change_id AS "changeId", blocked_by AS "blockedById"
    FROM reversal_entry WHERE run_id = ${runId} AND outcome <> 'REVERSED'
    ORDER BY change_id LIMIT ${limit}`);
  return rows;
}

/** The entries with their changes, in their order. */
export async function withChanges(
  pool: Pool,
  rows: readonly EntryRow[],
): Promise<readonly ReversalEntry[]> {
  const ids = rows.flatMap(({ changeId, blockedById }) => [changeId, blockedById ?? []].flat());
  const changes = await findEntityChanges(pool, ids);
  return rows.flatMap(({ changeId, blockedById, ...entry }) => {
    const change = changes.get(changeId);
    const blockedBy = blockedById === null ? null : (changes.get(blockedById) ?? null);
    return change ? [{ ...entry, change, blockedBy }] : [];
  });
}
