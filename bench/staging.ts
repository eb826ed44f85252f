import { startBenchDatabase } from './benchDatabase.ts';
import { stageAudit } from './childProcess.ts';
import { generateEntities } from './entityGenerator.ts';
import { stagingFloor } from './floors.ts';
import { median, seconds } from './measure.ts';
import type { BenchResult } from './result.ts';

const ROUNDS = 3;

/** Staging an audit, beside one `INSERT … SELECT` of the same rows into the same table. */
export async function benchStaging(entities: number): Promise<BenchResult> {
  const database = await startBenchDatabase();
  const { pool, connectionString, workspaceId, userId } = database;
  try {
    await generateEntities(pool, workspaceId, entities);
    const ours: number[] = [];
    const floors: number[] = [];
    let peakRssMb = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      await pool.query('TRUNCATE staged_record, staged_batch_step, staged_batch');
      floors.push(await seconds(() => stagingFloor(pool, workspaceId)));
      await pool.query('TRUNCATE staged_record');
      const staged = await stageAudit(connectionString, workspaceId, userId);
      ours.push(staged.seconds);
      peakRssMb = Math.max(peakRssMb, staged.peakRssMb);
    }
    return {
      name: 'staging',
      entities,
      seconds: median(ours),
      floorSeconds: median(floors),
      ratio: median(ours.map((taken, round) => taken / (floors[round] ?? Number.NaN))),
      peakRssMb,
    };
  } finally {
    await database.close();
  }
}
