import { startSubgraph } from './auditProcesses.ts';
import { startBenchDatabase } from './benchDatabase.ts';
import { generateEntities } from './entityGenerator.ts';
import { stagingFloor } from './floors.ts';
import { median, seconds } from './measure.ts';
import type { BenchResult } from './result.ts';

const ROUNDS = 3;

/** Staging an audit, beside one `INSERT … SELECT` of the same rows into the same table. */
export async function benchStaging(entities: number): Promise<BenchResult> {
  const database = await startBenchDatabase();
  const { pool, workspaceId } = database;
  const subgraph = startSubgraph(database);
  try {
    await generateEntities(pool, workspaceId, entities);
    const ours: number[] = [];
    const floors: number[] = [];
    // The first round only fills caches and compiles the code.
    for (let round = 0; round <= ROUNDS; round += 1) {
      await pool.query('TRUNCATE staged_record, staged_batch_step, staged_batch');
      const floor = await seconds(() => stagingFloor(pool, workspaceId));
      await pool.query('TRUNCATE staged_record');
      const staged = await subgraph.stageAudit();
      if (round === 0) continue;
      floors.push(floor);
      ours.push(staged.seconds);
    }
    return {
      name: 'staging',
      entities,
      seconds: median(ours),
      floorSeconds: median(floors),
      ratio: median(ours.map((taken, round) => taken / (floors[round] ?? Number.NaN))),
      peakRssMb: subgraph.peakRssMb(),
    };
  } finally {
    await subgraph.end();
    await database.close();
  }
}
