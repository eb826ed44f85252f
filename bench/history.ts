import type { Pool } from 'pg';
import { pino } from 'pino';
import sql from 'sql-template-tag';
import {
  createIdentityRuntime,
  type IdentityRuntime,
} from '../src/domains/identity/identityRuntime.ts';
import { updateWorkspace } from '../src/domains/identity/services/configuration/updateWorkspace.ts';
import { erasePerson } from '../src/domains/identity/services/erasure/erasePerson.ts';
import { startSubgraph, startWorker } from './auditProcesses.ts';
import { type BenchDatabase, startBenchDatabase } from './benchDatabase.ts';
import { editEntities, reviewAudit } from './betweenAudits.ts';
import { generateEntities } from './entityGenerator.ts';
import { median, seconds } from './measure.ts';
import type { BenchResult } from './result.ts';
import { growth, type Sizes, tableSizes } from './tableSizes.ts';
import { untilStatus } from './untilStatus.ts';

interface Bench {
  readonly database: BenchDatabase;
  readonly subgraph: ReturnType<typeof startSubgraph>;
  readonly worker: ReturnType<typeof startWorker>;
  readonly runtime: IdentityRuntime;
}

/** One audit; what it, the review that followed and the edits before the next have added. */
interface Round {
  readonly seconds: number;
  readonly stagingSeconds: number;
  /** How often PostgreSQL has looked at a page: its work, also where the machine has other work. */
  readonly millionPages: number;
  readonly grownMb: Sizes;
  /** The most memory that the worker has had so far. */
  readonly peakRssMb: number;
}

/**
 * Audits of one workspace in a row, each from trigger to rest, with a few decisions, a promotion and
 * some edits after each. The last three are ours, and the floor are the first three after the first,
 * which fills the ledger. Then the erasure of a person from all of them, and one more audit when the
 * others are thinned.
 */
export async function benchHistory(entities: number, audits: number): Promise<BenchResult> {
  const database = await startBenchDatabase();
  const { pool, workspaceId } = database;
  const bench: Bench = {
    database,
    subgraph: startSubgraph(database),
    worker: startWorker(database),
    runtime: createIdentityRuntime(
      { databaseUrl: database.connectionString, redisUrl: undefined },
      pino({ level: 'warn' }),
    ),
  };
  try {
    await generateEntities(pool, workspaceId, entities);
    const rounds: Round[] = [];
    for (let round = 0; round < audits; round += 1) rounds.push(await runRound(bench, entities));
    const sizeMb = await totalSize(database);
    const erasureSeconds = await seconds(() => eraseSomebody(database));
    const thinningSeconds = await thinOldAudits(bench);
    const thinnedSizeMb = await totalSize(database);
    const afterThinning = await runRound(bench, entities);
    return {
      name: 'history',
      entities,
      ...compared(rounds),
      peakRssMb: bench.worker.peakRssMb(),
      ...{ sizeMb, erasureSeconds, thinningSeconds, thinnedSizeMb },
      afterThinningSeconds: afterThinning.seconds,
      afterThinningGrowthMb: afterThinning.grownMb.total,
      audits: [...rounds, afterThinning].map(({ grownMb, ...figures }) => ({
        ...figures,
        ...Object.fromEntries(Object.entries(grownMb).map(([part, mb]) => [`${part}Mb`, mb])),
      })),
    };
  } finally {
    await bench.worker.end();
    await bench.subgraph.end();
    await bench.runtime.close();
    await database.close();
  }
}

async function runRound(
  { database, subgraph, worker, runtime }: Bench,
  entities: number,
): Promise<Round> {
  const { pool } = database;
  const before = await tableSizes(pool);
  const pagesBefore = await millionPages(pool);
  await worker.work();
  const staged = await subgraph.stageAudit();
  const taken = await untilStatus(pool, staged.batchId, 'READY_FOR_REVIEW', 'COMPLETED');
  await reviewAudit(database, runtime, staged.batchId, entities);
  await worker.rest();
  await editEntities(database, staged.batchId);
  return {
    seconds: taken,
    stagingSeconds: staged.seconds,
    millionPages: (await millionPages(pool)) - pagesBefore,
    grownMb: growth(before, await tableSizes(pool)),
    peakRssMb: worker.peakRssMb(),
  };
}

function compared(rounds: readonly Round[]) {
  const early = rounds.slice(1, 4);
  const late = rounds.slice(-3);
  const of = (some: readonly Round[], figure: (round: Round) => number): number =>
    median(some.map(figure));
  const time = (round: Round): number => round.seconds;
  const pages = (round: Round): number => round.millionPages;
  const grown = ({ grownMb }: Round): number => grownMb.total;
  return {
    seconds: of(late, time),
    floorSeconds: of(early, time),
    ratio: of(late, time) / of(early, time),
    pagesRatio: of(late, pages) / of(early, pages),
    growthMb: of(late, grown),
    floorGrowthMb: of(early, grown),
    growthRatio: of(late, grown) / of(early, grown),
  };
}

async function millionPages(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ pages: number }>(
    `SELECT (blks_hit + blks_read)::float8 / 1e6 AS pages FROM pg_stat_database
     WHERE datname = current_database()`,
  );
  return rows[0]?.pages ?? Number.NaN;
}

async function totalSize({ pool }: BenchDatabase): Promise<number> {
  return (await tableSizes(pool)).total;
}

/** Somebody of whom every audit has found something. */
async function eraseSomebody({ pool, workspaceId, userId: actorId }: BenchDatabase): Promise<void> {
  const { rows } = await pool.query<{ id: string }>(sql`
    SELECT entity_id AS id FROM ledger_entry
    WHERE workspace_id = ${workspaceId} AND entity_type = 'contact' AND open
    ORDER BY first_seen_at LIMIT 1`);
  const contactId = rows[0]?.id;
  if (contactId === undefined) throw new Error('Nothing was found of any contact.');
  await erasePerson(pool, { contactId, actorId, reason: 'Asked for.' });
}

/**
 * Has retention thin all audits but the last, as if they had ended long ago, and vacuums, as
 * PostgreSQL does by itself some minutes later: what comes next finds their room free.
 *
 * @returns the seconds that the deletion took
 */
async function thinOldAudits({ database, runtime }: Bench): Promise<number> {
  const { pool, workspaceId, userId: actorId } = database;
  const { rows } = await pool.query<{ id: string }>(sql`
    SELECT id FROM staged_batch
    WHERE workspace_id = ${workspaceId} AND status = 'READY_FOR_REVIEW' ORDER BY id`);
  for (const { id } of rows.slice(0, -1)) await runtime.lifecycle.cancelStagedBatch(id);
  await pool.query(sql`
    UPDATE staged_batch SET finished_at = finished_at - interval '2 days'
    WHERE workspace_id = ${workspaceId}`);
  await updateWorkspace(pool, { workspaceId, retentionDays: 1, actorId });
  const taken = await seconds(() => runtime.retention.thinOldBatches());
  await pool.query('VACUUM');
  return taken;
}
