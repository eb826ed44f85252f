import pg from 'pg';
import { waitFor } from '../../support/waitFor.ts';

/** Any number: advisory locks of other databases don't matter, and the product's are others. */
const LOCK = 7_411_230;

/** Holds up whoever inserts certain rows, so that a test can act in the middle of their work. */
export interface Gate {
  /** Waits until so many stand in front of it. */
  untilReached(count?: number): Promise<void>;
  open(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Puts a closed gate in front of rows of a table.
 *
 * @param rows - a condition on `NEW`, as in SQL
 */
export async function putGate(databaseUrl: string, table: string, rows: string): Promise<Gate> {
  const keeper = new pg.Client({ connectionString: databaseUrl });
  // A database that a test drops takes the connection along.
  keeper.on('error', () => {});
  await keeper.connect();
  await keeper.query(`
    CREATE FUNCTION pass_gate() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM pg_advisory_xact_lock_shared(${LOCK});
      RETURN NEW;
    END $$;
    CREATE TRIGGER gate BEFORE INSERT ON ${table} FOR EACH ROW WHEN (${rows})
      EXECUTE FUNCTION pass_gate()`);
  const close = async (): Promise<void> => {
    await keeper.query(`SELECT pg_advisory_lock(${LOCK})`);
  };
  await close();
  return {
    async untilReached(count = 1) {
      await waitFor(
        `${count} to insert into ${table}`,
        async () => {
          const { rowCount } = await keeper.query(
            `SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = ${LOCK} AND NOT granted
               AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
          );
          return (rowCount ?? 0) >= count;
        },
        { timeoutMs: 60_000 },
      );
    },
    open: async () => void (await keeper.query(`SELECT pg_advisory_unlock(${LOCK})`)),
    close,
  };
}
