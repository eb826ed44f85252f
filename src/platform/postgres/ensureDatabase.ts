import pg from 'pg';

/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
const duplicateDatabase = '42P04';

/**
 * Creates a database where it is missing.
 *
 * @param url - of any database on the server, for a user who may create databases
 */
export async function ensureDatabase(url: string, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
  } catch (error) {
    if (!(error instanceof pg.DatabaseError && error.code === duplicateDatabase)) throw error;
  } finally {
    await client.end();
  }
}
