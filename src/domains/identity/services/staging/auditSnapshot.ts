import type { ClientBase } from 'pg';

/** The moment that an audit reads a workspace as of. */
export interface AuditSnapshot {
  /** As `pg_snapshot` is written: which transactions are visible in it. */
  readonly snapshot: string;
  readonly snapshotAt: Date;
  /** Of the server whose transactions these are; null where the database's user may not ask for it. */
  readonly systemIdentifier: string | null;
}

/** The snapshot of a REPEATABLE READ transaction. */
export async function currentSnapshot(client: ClientBase): Promise<AuditSnapshot> {
  const { rows } = await client.query<Omit<AuditSnapshot, 'systemIdentifier'>>(
    'SELECT pg_current_snapshot()::text AS snapshot, now() AS "snapshotAt"',
  );
  if (rows[0] === undefined) throw new Error('PostgreSQL has told no snapshot.');
  return { ...rows[0], systemIdentifier: await systemIdentifierOf(client) };
}

/** What a server is known by: the same after a physical backup or a failover, another where it was loaded into a new one. */
export async function systemIdentifierOf(client: ClientBase): Promise<string | null> {
  // Some hosts keep it to themselves, and asking would end the transaction.
  const { rows } = await client.query<{ mayAsk: boolean }>(
    `SELECT has_function_privilege('pg_control_system()', 'EXECUTE') AS "mayAsk"`,
  );
  if (!rows[0]?.mayAsk) return null;
  const system = await client.query<{ id: string }>(
    'SELECT system_identifier::text AS id FROM pg_control_system()',
  );
  return system.rows[0]?.id ?? null;
}
