import type { ClientBase, Pool } from 'pg';
import { ExpectedError } from '../../../../platform/errors.ts';
import { rehearse } from '../../../../platform/postgres/pool.ts';

/**
 * Tries the parts of a run one after the other, each in a transaction that is rolled back. So a dry
 * run takes the memory of one part, and whoever edits an entity waits for one part at the most.
 *
 * @param signal - aborted when nobody waits for the outcome any more; looked at between two parts
 */
export async function rehearseParts<Part, Outcome>(
  pool: Pool,
  parts: readonly Part[],
  signal: AbortSignal | undefined,
  work: (client: ClientBase, part: Part) => Promise<Outcome>,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const part of parts) {
    if (signal?.aborted) {
      throw new ExpectedError('SERVICE_UNAVAILABLE', 'The caller of the dry run has gone away.');
    }
    outcomes.push(await rehearse(pool, (client) => work(client, part)));
  }
  return outcomes;
}
