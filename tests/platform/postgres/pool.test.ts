import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createPool,
  inTransaction,
  isDatabaseAway,
  rehearse,
} from '../../../src/platform/postgres/pool.ts';
import { createTestDatabase, type TestDatabase } from '../../support/testDatabase.ts';

describe('a pool whose connection breaks', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  const idleErrors: Error[] = [];

  beforeAll(async () => {
    database = await createTestDatabase('enrollment');
    pool = createPool({
      connectionString: database.connectionString,
      applicationName: 'pool test',
      max: 3,
      waitMs: 5_000,
      onIdleError: (error) => idleErrors.push(error),
    });
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  async function breakConnection(client: pg.ClientBase): Promise<void> {
    const { rows } = await client.query('SELECT pg_backend_pid() AS pid');
    const broken = new Promise((resolve) => client.once('end', resolve));
    await pool.query('SELECT pg_terminate_backend($1)', [rows[0].pid]);
    await broken;
  }
  const failure = (work: (client: pg.PoolClient) => Promise<unknown>): Promise<unknown> =>
    inTransaction(pool, work).then(
      () => null,
      (error: unknown) => error,
    );

  it('compiles no statement', async () => {
    expect((await pool.query('SHOW jit')).rows).toEqual([{ jit: 'off' }]);
  });

  it('during a query says that the database was away, and goes on with another', async () => {
    const error = await failure(async (client) => {
      const { rows } = await client.query('SELECT pg_backend_pid() AS pid');
      await Promise.all([
        client.query('SELECT pg_sleep(60)'),
        pool.query('SELECT pg_terminate_backend($1)', [rows[0].pid]),
      ]);
    });

    expect(isDatabaseAway(error)).toBe(true);
    await expect(pool.query('SELECT 1')).resolves.toBeDefined();
  });

  it('between two queries of a transaction says so too', async () => {
    const error = await failure(async (client) => {
      await breakConnection(client);
      await client.query('SELECT 1');
    });

    expect(isDatabaseAway(error)).toBe(true);
    await expect(pool.query('SELECT 1')).resolves.toBeDefined();
  });

  it('while it is idle is told of it, without the client and what that knows', async () => {
    const [idle, busy] = await Promise.all([pool.connect(), pool.connect()]);
    const { rows } = await idle.query('SELECT pg_backend_pid() AS pid');
    idle.release();
    await busy.query('SELECT pg_terminate_backend($1)', [rows[0].pid]);
    busy.release();

    await expect.poll(() => idleErrors.length).toBeGreaterThan(0);
    for (const error of idleErrors) expect(error).not.toHaveProperty('client');
    await expect(pool.query('SELECT 1')).resolves.toBeDefined();
  });
});

it.each([
  ['53300', true],
  ['57P03', true],
  ['23505', false],
])('an error with the SQLSTATE %s: the database was away is %s', (code, expected) => {
  expect(isDatabaseAway(Object.assign(new Error('Refused'), { code }))).toBe(expected);
});

describe('a rehearsal', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  beforeAll(async () => {
    database = await createTestDatabase('enrollment');
    pool = createPool({
      connectionString: database.connectionString,
      applicationName: 'pool test',
      max: 1,
      waitMs: 5_000,
      onIdleError: () => {},
    });
    await pool.query('CREATE TABLE rehearsed (value int)');
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  it('says what it would come to, and keeps nothing', async () => {
    const count = await rehearse(pool, async (client) => {
      await client.query('INSERT INTO rehearsed VALUES (1)');
      return (await client.query('SELECT FROM rehearsed')).rowCount;
    });

    expect(count).toBe(1);
    expect((await pool.query('SELECT FROM rehearsed')).rowCount).toBe(0);
  });

  it('throws what it would throw', async () => {
    await expect(rehearse(pool, (client) => client.query('SELECT 1 / 0'))).rejects.toThrow(
      'division by zero',
    );
  });
});
