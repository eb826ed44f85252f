import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { json } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { stringify } from 'csv-stringify';
import type { Pool } from 'pg';
import { z } from 'zod';
import { createSeededRandom } from '../src/domains/identity/demo/seededRandom.ts';
import { resolveUserId } from '../src/domains/identity/services/userService.ts';
import { setMember } from '../src/domains/identity/services/workspaceService.ts';
import { DEVELOPMENT_ISSUER, signDevelopmentToken } from '../src/platform/auth/developmentKey.ts';
import { readConfig } from '../src/platform/config.ts';
import { type BenchDatabase, startBenchDatabase } from './benchDatabase.ts';
import { startProcess } from './childProcess.ts';
import { CONTACT_FIELDS, contactValues, SEED } from './entityGenerator.ts';
import { copyIn, copyOut } from './floors.ts';
import { median, seconds } from './measure.ts';
import type { BenchResult } from './result.ts';

const ROUNDS = 3;
const EMAIL = 'bench@demo.example';

/**
 * The upload of a CSV file of contacts to `POST /imports`, from its first byte until its batch is
 * QUEUED, beside one `COPY` of the same staged rows.
 */
export async function benchImport(rows: number): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'identity-bench-import-'));
  const database = await startBenchDatabase();
  const subgraph = startProcess('serve.ts', database.connectionString, [folder]);
  try {
    const { pool } = database;
    const file = join(folder, 'contacts.csv');
    const stagedRows = join(folder, 'staged_record');
    await writeContacts(file, rows);
    const url = z.string().parse(await subgraph.ask('start'));
    const idleRssMb = subgraph.peakRssMb;
    const upload = await prepareUpload(database, folder, url);
    const ours: number[] = [];
    const floors: number[] = [];
    // The first round only fills caches, compiles the code, and finds what the floor copies in.
    for (let round = 0; round <= ROUNDS; round += 1) {
      await pool.query('TRUNCATE staged_record, staged_batch_step, staged_batch CASCADE');
      const taken = await seconds(() => upload(file));
      await assertQueued(pool, rows);
      if (round === 0) await copyOut(pool, 'copyStagedIn', stagedRows);
      await pool.query('TRUNCATE staged_record');
      const floor = await seconds(() => copyIn(pool, 'copyStagedIn', stagedRows));
      if (round === 0) continue;
      ours.push(taken);
      floors.push(floor);
    }
    await subgraph.ask('measure');
    return {
      name: 'import',
      entities: rows,
      seconds: median(ours),
      floorSeconds: median(floors),
      ratio: median(ours.map((taken, round) => taken / (floors[round] ?? Number.NaN))),
      peakRssMb: subgraph.peakRssMb,
      idleRssMb,
      fileMb: (await stat(file)).size / 1024 ** 2,
    };
  } finally {
    await subgraph.end();
    await database.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function writeContacts(file: string, rows: number): Promise<void> {
  const random = createSeededRandom(SEED);
  function* contacts() {
    yield CONTACT_FIELDS;
    for (let index = 0; index < rows; index += 1) yield contactValues(random, index);
  }
  await pipeline(Readable.from(contacts()), stringify(), createWriteStream(file));
}

/** @returns what sends a file as the member of the workspace that it makes */
async function prepareUpload(
  { pool, workspaceId }: BenchDatabase,
  dataDir: string,
  url: string,
): Promise<(file: string) => Promise<void>> {
  const identity = { email: EMAIL, emailVerified: true, name: null };
  const userId = await resolveUserId(pool, {
    issuer: DEVELOPMENT_ISSUER,
    subject: EMAIL,
    ...identity,
  });
  await setMember(pool, { workspaceId, userId, role: 'EDITOR' });
  const token = await signDevelopmentToken(readConfig({ DATA_DIR: dataDir }), EMAIL);
  const target = `${url}/imports?workspaceId=${workspaceId}&profile=contactImport`;
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'text/csv' };
  return async (file) => {
    const sent = request(target, { method: 'POST', headers });
    const answered = Promise.withResolvers<void>();
    sent.once('response', (response) => {
      if (response.statusCode === 201) response.resume().once('end', answered.resolve);
      else json(response).then((body) => answered.reject(new Error(JSON.stringify(body))));
    });
    sent.once('error', answered.reject);
    await Promise.all([pipeline(createReadStream(file), sent), answered.promise]);
  };
}

async function assertQueued(pool: Pool, rows: number): Promise<void> {
  const { rows: batches } = await pool.query('SELECT status, record_count FROM staged_batch');
  const [batch] = batches;
  if (batch?.status === 'QUEUED' && batch.record_count === rows) return;
  throw new Error(`The import came to ${JSON.stringify(batches)}.`);
}
