import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Pool } from 'pg';
import { startSubgraph, startWorker } from './auditProcesses.ts';
import { type BenchDatabase, startBenchDatabase } from './benchDatabase.ts';
import { generateEntities } from './entityGenerator.ts';
import { copyEntitiesOut, copyIn, copyOut, stagingFloor } from './floors.ts';
import { median, seconds } from './measure.ts';
import type { BenchResult } from './result.ts';
import { untilStatus, untilStepsDone } from './untilStatus.ts';

const ROUNDS = 3;

interface Round {
  readonly stagingFloor: number;
  readonly processingFloor: number;
  readonly processing: number;
  /** Certificate, ledger and scores, once all records are checked. */
  readonly finishing: number;
  readonly whole: number;
  /** The most memory that a search for duplicates had in a process of its own, in MB; 0 without one. */
  readonly matchingRssMb: number;
}

interface Bench {
  readonly database: BenchDatabase;
  readonly subgraph: ReturnType<typeof startSubgraph>;
  readonly worker: ReturnType<typeof startWorker>;
}

/**
 * An audit from trigger to READY_FOR_REVIEW beside both floors together, and its processing alone
 * (record rules, one worker) beside "COPY the entities out, COPY the findings in".
 */
export async function benchAudit(entities: number): Promise<BenchResult> {
  const database = await startBenchDatabase();
  const bench = {
    database,
    subgraph: startSubgraph(database),
    worker: startWorker(database),
  };
  const findingsFile = join(tmpdir(), `identity-bench-findings-${process.pid}`);
  try {
    await generateEntities(database.pool, database.workspaceId, entities);
    const rounds: Round[] = [];
    // The first round only fills caches, compiles the code, and finds what the floor copies in.
    for (let round = 0; round <= ROUNDS; round += 1) {
      const figures = await runRound(bench, findingsFile, round === 0);
      if (round > 0) rounds.push(figures);
    }
    const of = (figure: (round: Round) => number): number => median(rounds.map(figure));
    const floor = of((round) => round.stagingFloor + round.processingFloor);
    return {
      name: 'audit',
      entities,
      seconds: of((round) => round.whole),
      floorSeconds: floor,
      ratio: of((round) => round.whole / (round.stagingFloor + round.processingFloor)),
      peakRssMb: bench.worker.peakRssMb(),
      matchingRssMb: Math.max(...rounds.map((round) => round.matchingRssMb)),
      processingSeconds: of((round) => round.processing),
      finishingSeconds: of((round) => round.finishing),
      processingFloorSeconds: of((round) => round.processingFloor),
      processingShareOfFloorSpeed: of((round) => round.processingFloor / round.processing),
      wholeShareOfFloorSpeed: of(
        (round) => (round.stagingFloor + round.processingFloor) / round.whole,
      ),
    };
  } finally {
    await bench.worker.end();
    await bench.subgraph.end();
    await database.close();
    await rm(findingsFile, { force: true });
  }
}

async function runRound(bench: Bench, findingsFile: string, isFirst: boolean): Promise<Round> {
  const { pool, workspaceId } = bench.database;
  await clear(pool);
  const { processing, finishing } = await processAlone(bench, isFirst ? findingsFile : null);
  await clear(pool);
  const stagingFloorSeconds = await seconds(() => stagingFloor(pool, workspaceId));
  await clear(pool);
  const processingFloor = await seconds(async () => {
    await copyEntitiesOut(pool, workspaceId);
    await copyIn(pool, 'copyFindingsIn', findingsFile);
  });
  await clear(pool);
  const whole = await auditWhole(bench);
  const matchingRssMb = await matchingMemory(pool);
  return {
    stagingFloor: stagingFloorSeconds,
    ...{ processingFloor, processing, finishing, whole, matchingRssMb },
  };
}

/**
 * From the first claim of a staged batch by one worker until its last range is done, and from then
 * until the batch can be reviewed.
 */
async function processAlone(
  { database: { pool }, subgraph, worker }: Bench,
  findingsFile: string | null,
): Promise<Pick<Round, 'processing' | 'finishing'>> {
  const { batchId } = await subgraph.stageAudit();
  // The jobs of the workspace rules find no step, and do nothing.
  await pool.query(`DELETE FROM staged_batch_step WHERE kind = 'WORKSPACE_RULE'`);
  // The floor begins with nothing left to write back, too.
  await pool.query('CHECKPOINT');
  const working = worker.work();
  await untilStatus(pool, batchId, 'PROCESSING');
  const processing = await seconds(() => untilStepsDone(pool, batchId));
  const finishing = await seconds(() => untilStatus(pool, batchId, 'READY_FOR_REVIEW'));
  await working;
  await worker.rest();
  if (findingsFile !== null) await copyOut(pool, 'copyFindingsIn', findingsFile);
  return { processing, finishing };
}

async function auditWhole({ database, subgraph, worker }: Bench): Promise<number> {
  await worker.work();
  const { batchId } = await subgraph.stageAudit();
  const taken = await untilStatus(database.pool, batchId, 'READY_FOR_REVIEW');
  await worker.rest();
  return taken;
}

async function matchingMemory(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ mb: number }>(
    `SELECT coalesce(max((details->>'peakRssMb')::float8), 0) AS mb FROM staged_batch_step`,
  );
  return rows[0]?.mb ?? 0;
}

async function clear(pool: Pool): Promise<void> {
  await pool.query(
    'TRUNCATE staged_record, staged_record_state, staged_batch_step, finding, staged_batch',
  );
  await pool.query('CHECKPOINT');
}
