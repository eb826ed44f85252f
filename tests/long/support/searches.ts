import pg, { type Pool } from 'pg';
import type { TestContext } from 'vitest';
import { waitFor } from '../../support/waitFor.ts';

/** Lets searches for duplicates wait, so that something can happen meanwhile; until released. */
export async function holdSearches(
  databaseUrl: string,
  onTestFinished: TestContext['onTestFinished'],
): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  onTestFinished(() => client.end());
  await client.query('BEGIN; LOCK TABLE not_duplicate IN ACCESS EXCLUSIVE MODE');
  return async () => {
    await client.query('ROLLBACK');
  };
}

/** Waits for a search in a process of its own, and returns the id of that process. */
export function untilSearching(pool: Pool): Promise<number> {
  return waitFor('a process to look for duplicates', async () => {
    const { rows } = await pool.query<{ name: string }>(
      `SELECT application_name AS name FROM pg_stat_activity
       WHERE datname = current_database() AND application_name LIKE 'identity matching %'`,
    );
    return rows[0] === undefined ? undefined : Number(rows[0].name.split(' ').at(-1));
  });
}
