import type { ClientBase, Pool } from 'pg';
import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { badUserInput, ExpectedError } from '../../../../platform/errors.ts';
import type { Logger } from '../../../../platform/logger.ts';
import { copyInto, encodeCopyRow, encodeJson } from '../../../../platform/postgres/copy.ts';
import {
  inTransaction,
  isDatabaseError,
  UNIQUE_VIOLATION,
} from '../../../../platform/postgres/pool.ts';
import {
  STAGED_BATCH_SOURCE_TYPES,
  type StagedBatchSourceType,
  type StagedRow,
} from '../../profiles/profile.ts';
import { profileByName } from '../../profiles/registry.ts';
import { type RuleSet, readRuleSet } from '../configuration/ruleSet.ts';
import type { ImportOptions } from '../imports/importOptions.ts';
import { workspaceArchived } from '../permissions.ts';
import { wantsFourEyes } from '../workspaceService.ts';
import type { AuditExtent } from './auditBase.ts';
import type { AuditSnapshot } from './auditSnapshot.ts';
import { insertSteps, processingSteps } from './batchSteps.ts';
import { nonEmpty } from './nonEmpty.ts';
import { failStagedBatch, findStagedBatch, type StagedBatch } from './stagedBatch.ts';
import type { StagedBatchScheduler } from './stagedBatchScheduler.ts';

const HEARTBEAT_MS = 10_000;

/** A time of a schedule. */
export interface ScheduledRun {
  readonly id: string;
  /** The time that it runs for. */
  readonly dueAt: Date;
}

export interface IngestStagedBatchInput {
  readonly workspaceId: string;
  /** Id of the user on whose behalf the rows come in. */
  readonly createdBy: string;
  readonly title: string;
  readonly sourceType: StagedBatchSourceType;
  /** Name of a registered profile. */
  readonly profile: string;
  readonly autoPromote: boolean;
  /** Streamed: read once, never held in memory as a whole. */
  readonly rows: Iterable<StagedRow> | AsyncIterable<StagedRow>;
  /** The `pg_snapshot` that the rows were read in, where they come from production. */
  readonly snapshot?: string;
  /** The schedule that triggers it, where one does. */
  readonly schedule?: ScheduledRun;
  /** How the rows of an import were read; asked for when all are there. */
  readonly importOptions?: () => ImportOptions;
  /** Under which key the rows came, where they may come again. */
  readonly idempotency?: { readonly key: string; readonly rowsHash: string };
  /** What an audit is; its rules are those that its extent was found by. */
  readonly audit?: AuditExtent & Omit<AuditSnapshot, 'snapshot'> & { readonly ruleSet: RuleSet };
}

export interface IngestedBatch {
  readonly batch: StagedBatch;
  readonly recordCount: number;
}

export type IngestStagedBatch = (input: IngestStagedBatchInput) => Promise<IngestedBatch>;

export interface IngestionService {
  /**
   * Stages rows as a new batch and hands it to the queue.
   *
   * @throws `BAD_USER_INPUT` for an unknown profile or source type, for autoPromote where two people
   *   are wanted, or when there are no rows: nothing is written then. `AUDIT_IN_PROGRESS` (with the running batch's id) when the workspace
   *   is being audited already. `CONFLICT` where the workspace is archived. `QUEUE_UNAVAILABLE`, or
   *   whatever the rows or the database throw, after the batch has become FAILED with the reason, or
   *   is gone where it is an import whose rows are not there yet; a batch of a schedule waits for the
   *   queue instead, since nobody is there to send it again.
   */
  readonly ingestStagedBatch: IngestStagedBatch;
}

interface Dependencies {
  readonly pool: Pool;
  /** Its connections are held for as long as rows come in. */
  readonly stagingPool: Pool;
  readonly scheduler: StagedBatchScheduler;
  readonly logger: Logger;
}

export function createIngestionService(dependencies: Dependencies): IngestionService {
  return { ingestStagedBatch: (input) => ingestStagedBatch(dependencies, input) };
}

async function ingestStagedBatch(
  { pool, stagingPool, scheduler, logger }: Dependencies,
  input: IngestStagedBatchInput,
): Promise<IngestedBatch> {
  validateKind(input);
  if (input.autoPromote) await assertOneIsEnough(pool, input);
  const rows = await nonEmpty(input.rows);
  if (rows === null) throw badUserInput('rows', 'There are no rows to stage.');
  const ruleSet = input.audit?.ruleSet ?? (await readRuleSet(pool, input.workspaceId));
  const batchId = await insertBatch(pool, input, ruleSet);
  try {
    const stopHeartbeat = startHeartbeat(pool, batchId);
    const steps = await inTransaction(stagingPool, (client) =>
      fillBatch(client, { ...input, batchId, ruleSet, rows }),
    ).finally(stopHeartbeat);
    const batch = await findStagedBatch(pool, batchId);
    if (batch === null) throw new Error(`Staged batch ${batchId} is gone.`);
    await scheduler.schedule(batch, steps).catch((error: unknown) => {
      if (input.schedule === undefined || !isQueueAway(error)) throw error;
      // Reconciling schedules it as soon as the queue is back, like a batch that the queue has lost.
      logger.warn({ err: error, batchId }, 'the batch of a schedule waits for the queue');
    });
    return { batch, recordCount: batch.recordCount };
  } catch (error) {
    await endFailedBatch(pool, { ...input, batchId }, error).catch((failure: unknown) => {
      // Reconciling fails a batch whose heartbeat has stopped.
      logger.error({ err: failure, batchId }, 'could not end the staged batch that failed');
    });
    throw error;
  }
}

/**
 * An import that fails before its rows are there leaves nothing: who sent them has the error. What else fails is
 * kept with the reason, an audit because of its schedule, a batch with rows because it can be retried.
 */
async function endFailedBatch(
  pool: Pool,
  { batchId, profile }: Pick<IngestStagedBatchInput, 'profile'> & { readonly batchId: string },
  error: unknown,
): Promise<void> {
  if (profileByName(profile).kind === 'import') {
    await pool.query(sql`DELETE FROM staged_batch WHERE id = ${batchId} AND status = 'STAGING'`);
  }
  await failStagedBatch(pool, batchId, failureReason(error));
}

function validateKind(input: IngestStagedBatchInput): void {
  if (!STAGED_BATCH_SOURCE_TYPES.includes(input.sourceType)) {
    const allowed = STAGED_BATCH_SOURCE_TYPES.join(', ');
    throw badUserInput(
      'sourceType',
      `There is no source type "${input.sourceType}". Use one of ${allowed}.`,
    );
  }
  const profile = profileByName(input.profile);
  if (!profile.sourceTypes.includes(input.sourceType)) {
    throw badUserInput(
      'sourceType',
      `Profile ${profile.name} takes ${profile.sourceTypes.join(' or ')}, not ${input.sourceType}.`,
    );
  }
}

/** @throws `BAD_USER_INPUT` where a workspace wants four eyes: nobody has seen what is promoted at once */
async function assertOneIsEnough(
  pool: Pool,
  { workspaceId }: Pick<IngestStagedBatchInput, 'workspaceId'>,
): Promise<void> {
  if (!(await wantsFourEyes(pool, workspaceId))) return;
  throw badUserInput(
    'autoPromote',
    'This workspace wants four eyes: import without autoPromote, and let two members review and promote it.',
  );
}

function isQueueAway(error: unknown): boolean {
  return error instanceof ExpectedError && error.code === 'QUEUE_UNAVAILABLE';
}

/**
 * Inserts a batch that has no rows yet. Who archives the workspace locks it: a batch that is inserted meanwhile waits, and looks
 * again.
 *
 * @throws `AUDIT_IN_PROGRESS` and `CONFLICT`, as ingestStagedBatch
 */
export async function insertBatch(
  client: ClientBase | Pool,
  input: Omit<IngestStagedBatchInput, 'rows'>,
  ruleSet: RuleSet,
): Promise<string> {
  const id = uuidv7();
  const { snapshotAt, systemIdentifier, mode, base, fullReason } = input.audit ?? {};
  try {
    const { rowCount } = await client.query(sql`
      WITH used AS (
        SELECT id FROM workspace
        WHERE id = ${input.workspaceId} AND archived_at IS NULL FOR KEY SHARE
      )
      INSERT INTO staged_batch
        (id, workspace_id, created_by_id, title, source_type, profile, auto_promote, snapshot,
         snapshot_at, system_identifier, mode, base_batch_id, full_reason, rule_set,
         schedule_id, scheduled_for, idempotency_key, rows_hash)
      SELECT ${id}, id, ${input.createdBy}, ${input.title},
              ${input.sourceType}, ${input.profile}, ${input.autoPromote}, ${input.snapshot ?? null},
              ${snapshotAt ?? null}, ${systemIdentifier ?? null}, ${mode ?? null},
              ${base?.batchId ?? null}, ${fullReason ?? null}, ${JSON.stringify(ruleSet)}::jsonb,
              ${input.schedule?.id ?? null}, ${input.schedule?.dueAt ?? null},
              ${input.idempotency?.key ?? null}, ${input.idempotency?.rowsHash ?? null}
      FROM used`);
    if (rowCount === 0) throw workspaceArchived();
    return id;
  } catch (error) {
    if (!isDatabaseError(error, UNIQUE_VIOLATION, 'staged_batch_one_live_audit')) throw error;
    throw await auditInProgress(client, input.workspaceId);
  }
}

/** Says which audit of a workspace is in the way of another. */
export async function auditInProgress(
  client: ClientBase | Pool,
  workspaceId: string,
): Promise<ExpectedError> {
  const { rows } = await client.query<{ id: string }>(sql`
    SELECT id FROM staged_batch
    WHERE workspace_id = ${workspaceId} AND source_type = 'DATA_AUDIT'
    ORDER BY status IN ('STAGING', 'QUEUED', 'PROCESSING') DESC, id DESC LIMIT 1`);
  const batchId = rows[0]?.id ?? '';
  return new ExpectedError(
    'AUDIT_IN_PROGRESS',
    `An audit of this workspace is running (batch ${batchId}). Wait until it is ready for review.`,
    { batchId },
  );
}

/** @returns what stops it */
function startHeartbeat(pool: Pool, batchId: string): () => void {
  const heartbeat = setInterval(() => {
    pool
      .query(sql`UPDATE staged_batch SET heartbeat_at = now() WHERE id = ${batchId}`)
      .catch(() => {
        // A database that is away fails the COPY too, and that is where it is reported.
      });
  }, HEARTBEAT_MS);
  return () => clearInterval(heartbeat);
}

interface Filling
  extends Pick<IngestStagedBatchInput, 'profile' | 'rows' | 'audit' | 'importOptions'> {
  readonly batchId: string;
  readonly ruleSet: RuleSet;
}

/**
 * Copies the rows into a batch that has none yet, which is QUEUED then.
 *
 * @returns what has to be done to process it
 */
export async function fillBatch(
  client: ClientBase,
  { batchId, ruleSet, rows, audit, importOptions, ...input }: Filling,
): Promise<ReturnType<typeof processingSteps>> {
  const profile = profileByName(input.profile);
  let recordCount = 0;
  const isIncremental = audit?.mode === 'INCREMENTAL';
  const target = `staged_record (batch_id, row_index, entity_type, entity_id, raw_data
    ${isIncremental ? ', unchanged' : ''})`;
  await copyInto(client, target, rows, ({ entityType, rawData, unchanged = false }) => {
    const rowIndex = recordCount;
    recordCount += 1;
    const entityId = profile.kind === 'import' ? null : profile.entityIdOf(rawData);
    const row = [batchId, rowIndex, entityType, entityId, encodeJson(rawData)];
    return encodeCopyRow(isIncremental ? [...row, unchanged] : row);
  });
  const steps = processingSteps(profile, recordCount, ruleSet);
  await insertSteps(client, batchId, steps);
  await queueBatch(client, batchId, recordCount, importOptions?.());
  return steps;
}

async function queueBatch(
  client: Pick<Pool, 'query'>,
  batchId: string,
  recordCount: number,
  importOptions: ImportOptions | undefined,
): Promise<void> {
  const { rowCount } = await client.query(sql`
    UPDATE staged_batch
    SET status = 'QUEUED', record_count = ${recordCount}, attempt = attempt + 1, updated_at = now(),
        import_options = ${importOptions ? encodeJson(importOptions) : null}::jsonb
    WHERE id = ${batchId} AND status = 'STAGING'`);
  if (rowCount === 0) {
    throw new ExpectedError('CONFLICT', 'The batch was cancelled or failed while it was staged.');
  }
}

function failureReason(error: unknown): string {
  if (error instanceof ExpectedError) return error.message;
  return 'Staging failed for a technical reason; the log has the details under the batch id.';
}
