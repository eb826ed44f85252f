import type { Pool } from 'pg';
import { pino } from 'pino';
import sql, { raw } from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { createIdentityRuntime } from '../src/domains/identity/identityRuntime.ts';
import { ENTITY_TABLES } from '../src/domains/identity/profiles/entityTables.ts';
import type { PromotionService } from '../src/domains/identity/services/promotion/promotionService.ts';
import { startWorker } from './auditProcesses.ts';
import { type BenchDatabase, startBenchDatabase } from './benchDatabase.ts';
import { generateEntities } from './entityGenerator.ts';
import { promoteFloor } from './floors.ts';
import { median, seconds } from './measure.ts';
import type { BenchResult } from './result.ts';
import { untilStatus } from './untilStatus.ts';

const ROUNDS = 3;

/** The field of each type that is changed, on every entity: none that an index is about. */
const CHANGED = [
  { type: 'contact', field: 'phone', column: 'phone' },
  { type: 'site', field: 'phone', column: 'phone' },
  { type: 'device', field: 'macAddress', column: 'mac_address' },
] as const;

/**
 * The promotion of an audit with one accepted finding an entity, from the call until the batch is
 * COMPLETED, through one worker process; beside one `UPDATE … FROM` a type of entity with the same
 * history rows by `INSERT … SELECT`.
 */
export async function benchPromote(entities: number): Promise<BenchResult> {
  const database = await startBenchDatabase();
  const worker = startWorker(database);
  const logger = pino({ level: 'warn' });
  const runtime = createIdentityRuntime(
    { databaseUrl: database.connectionString, redisUrl: undefined },
    logger,
  );
  try {
    await generateEntities(database.pool, database.workspaceId, entities);
    const rounds: { readonly ours: number; readonly floor: number }[] = [];
    // The first round only fills caches, compiles the code, and makes the tables as large as they get.
    for (let round = 0; round <= ROUNDS; round += 1) {
      const ours = await promoteOurs(database, worker, runtime.promotion, round);
      const floor = await promoteByFloor(database, round);
      if (round > 0) rounds.push({ ours, floor });
    }
    return {
      name: 'promote',
      entities,
      seconds: median(rounds.map(({ ours }) => ours)),
      floorSeconds: median(rounds.map(({ floor }) => floor)),
      ratio: median(rounds.map(({ ours, floor }) => ours / floor)),
      peakRssMb: worker.peakRssMb(),
    };
  } finally {
    await worker.end();
    await runtime.close();
    await database.close();
  }
}

async function promoteOurs(
  database: BenchDatabase,
  worker: ReturnType<typeof startWorker>,
  promotion: PromotionService,
  round: number,
): Promise<number> {
  const { pool, userId: actorId } = database;
  const batchId = await stageAcceptedAudit(database, `ours ${round}`);
  await worker.work();
  const taken = await seconds(async () => {
    await promotion.promoteStagedBatch({ batchId, actorId });
    await untilStatus(pool, batchId, 'COMPLETED');
  });
  await worker.rest();
  await expectAllChanged(pool, batchId);
  return taken;
}

async function promoteByFloor(database: BenchDatabase, round: number): Promise<number> {
  const { pool, userId: actorId } = database;
  const batchId = await stageAcceptedAudit(database, `floor ${round}`);
  const taken = await seconds(() => promoteFloor(pool, { batchId, actorId, changed: CHANGED }));
  await expectAllChanged(pool, batchId);
  return taken;
}

/** Leaves an audited workspace behind in which every entity has one accepted finding, and nothing else. */
async function stageAcceptedAudit(
  { pool, workspaceId, userId }: BenchDatabase,
  value: string,
): Promise<string> {
  const batchId = uuidv7();
  await pool.query(
    'TRUNCATE staged_record, staged_record_state, staged_batch_step, finding, staged_batch, entity_change, batch_run',
  );
  let firstRow = 0;
  for (const { type, field, column } of CHANGED) {
    const table = raw(ENTITY_TABLES[type]);
    const { rowCount } = await pool.query(sql`
      INSERT INTO staged_record (batch_id, row_index, entity_type, entity_id, raw_data)
      SELECT ${batchId}::uuid, ${firstRow}::int + row_number() OVER (ORDER BY id) - 1,
             ${type}::entity_type, id, '{}'
      FROM ${table} WHERE workspace_id = ${workspaceId} ORDER BY id`);
    await pool.query(sql`
      INSERT INTO finding (batch_id, row_index, ordinal, rule_id, rule_version, entity_type,
        entity_id, entity_version, severity, field, message, current_value, suggested_value,
        decision, version, decided_by_id)
      SELECT r.batch_id, r.row_index, 0, 'bench.rule', 1, r.entity_type, r.entity_id, e.version,
             'INFO', ${field}, 'The value is not in its usual form.', e.${raw(column)},
             ${value} || ' ' || r.row_index, 'ACCEPTED', 1, ${userId}::uuid
      FROM staged_record r JOIN ${table} e ON e.id = r.entity_id
      WHERE r.batch_id = ${batchId} AND r.entity_type = ${type} ORDER BY r.row_index`);
    firstRow += rowCount ?? 0;
  }
  await pool.query(sql`
    INSERT INTO staged_batch (id, workspace_id, created_by_id, title, source_type, profile, status,
      record_count, processed_count)
    VALUES (${batchId}, ${workspaceId}, ${userId}, 'Bench', 'DATA_AUDIT', 'dataAudit',
            'READY_FOR_REVIEW', ${firstRow}, ${firstRow})`);
  // Both begin alike: with room in the tables for the new versions, and nothing left to write back.
  await pool.query(`VACUUM (ANALYZE) ${Object.values(ENTITY_TABLES).join(', ')}, finding`);
  await pool.query('CHECKPOINT');
  return batchId;
}

async function expectAllChanged(pool: Pool, batchId: string): Promise<void> {
  const { rows } = await pool.query<{ missing: number }>(
    `SELECT (record_count - (SELECT count(*) FROM entity_change WHERE batch_id = b.id))::int AS missing
     FROM staged_batch b WHERE id = $1`,
    [batchId],
  );
  if (rows[0]?.missing !== 0) throw new Error(`${rows[0]?.missing} entities were not changed.`);
}
