import type { ClientBase, Pool } from 'pg';
import sql from 'sql-template-tag';
import { encodeJson } from '../../../../platform/postgres/copy.ts';
import type { BatchStatus } from '../../generated/prisma/enums.ts';
import type { Profile } from '../../profiles/profile.ts';
import { workspaceRules } from '../../rules/catalogue.ts';
import type { RuleSet } from '../configuration/ruleSet.ts';
import type { StepKey } from './stagedBatchScheduler.ts';

/** Rows in one range: large enough that a job's overhead vanishes, small enough to redo cheaply. */
export const RANGE_ROWS = 40_000;

/** A step that a batch is to have. */
export interface NewStep extends StepKey {
  readonly ruleId: string;
  readonly firstRow: number;
  readonly endRow: number;
}

/** The rows of the range with this number. */
export function rangeOf(stepIndex: number): { readonly firstRow: number; readonly endRow: number } {
  return { firstRow: stepIndex * RANGE_ROWS, endRow: (stepIndex + 1) * RANGE_ROWS };
}

function ranges(kind: 'PROCESS_RANGE' | 'PROMOTE_RANGE', recordCount: number): NewStep[] {
  return Array.from({ length: Math.ceil(recordCount / RANGE_ROWS) }, (_, stepIndex) => ({
    kind,
    stepIndex,
    ruleId: '',
    firstRow: stepIndex * RANGE_ROWS,
    endRow: Math.min((stepIndex + 1) * RANGE_ROWS, recordCount),
  }));
}

function ruleSteps(recordCount: number, { rules }: RuleSet): NewStep[] {
  const inForce = new Set(rules.map(({ id }) => id));
  const steps = workspaceRules.map(
    (rule, stepIndex): NewStep => ({
      kind: 'WORKSPACE_RULE',
      stepIndex,
      ruleId: rule.id,
      firstRow: 0,
      endRow: recordCount,
    }),
  );
  return steps.filter(({ ruleId }) => inForce.has(ruleId));
}

/** What has to be done to process a batch. Workspace rules look at production, so only audits have them. */
export function processingSteps(
  profile: Profile,
  recordCount: number,
  ruleSet: RuleSet,
): readonly NewStep[] {
  const rangeSteps = ranges('PROCESS_RANGE', recordCount);
  return profile.kind === 'audit'
    ? [...rangeSteps, ...ruleSteps(recordCount, ruleSet)]
    : rangeSteps;
}

/** What has to be done to promote a batch. */
export function promotionSteps(recordCount: number): readonly NewStep[] {
  return ranges('PROMOTE_RANGE', recordCount);
}

/** The parts of a batch's promotion with these numbers; each ends where the next could begin. */
export function promotionStepsOf(stepIndexes: readonly number[]): readonly NewStep[] {
  return stepIndexes.map((stepIndex) => ({
    kind: 'PROMOTE_RANGE',
    stepIndex,
    ruleId: '',
    firstRow: stepIndex * RANGE_ROWS,
    endRow: (stepIndex + 1) * RANGE_ROWS,
  }));
}

export async function insertSteps(
  client: ClientBase,
  batchId: string,
  steps: readonly NewStep[],
): Promise<void> {
  await client.query(sql`
    INSERT INTO staged_batch_step (batch_id, kind, step_index, rule_id, first_row, end_row)
    SELECT ${batchId}::uuid, s.kind, s."stepIndex", s."ruleId", s."firstRow", s."endRow"
    FROM jsonb_to_recordset(${JSON.stringify(steps)}::jsonb)
      AS s(kind step_kind, "stepIndex" int, "ruleId" text, "firstRow" int, "endRow" int)`);
}

/** A step that is not done yet. */
export interface OpenStep {
  readonly ruleId: string;
  readonly firstRow: number;
  readonly endRow: number;
}

/**
 * Locks a step until the transaction ends, so that two jobs never do it at the same time.
 *
 * @returns null when it is done already
 */
export async function lockOpenStep(
  client: ClientBase,
  batchId: string,
  step: StepKey,
): Promise<OpenStep | null> {
  const { rows } = await client.query<OpenStep>(sql`
    SELECT rule_id AS "ruleId", first_row AS "firstRow", end_row AS "endRow"
    FROM staged_batch_step
    WHERE batch_id = ${batchId} AND kind = ${step.kind} AND step_index = ${step.stepIndex}
      AND done_at IS NULL
    FOR UPDATE`);
  return rows[0] ?? null;
}

/** What a step did; kept with it. */
export interface StepResult {
  readonly checkedCount: number;
  readonly skippedCount: number;
  /** Entities of a range that an incremental audit does not look at; none where nothing is said. */
  readonly unchangedCount?: number;
  readonly findingCount: number;
  /** Of a search for duplicates: what it compared. Of a range: what it looked at, by type. */
  readonly details?: object;
}

/** A step failed for a reason that people can be told. */
export class StepFailure extends Error {}

/**
 * Marks a step done in the transaction that holds its results; ranges advance the batch's progress.
 *
 * @param status - of a batch whose steps are of this kind
 * @returns false when the batch has left that status, as by a cancellation: nothing of the step may
 *   be kept then
 */
export async function completeStep(
  client: ClientBase,
  batchId: string,
  step: StepKey,
  result: StepResult,
  status: BatchStatus,
): Promise<boolean> {
  const { checkedCount, skippedCount, unchangedCount = 0, findingCount } = result;
  const progress = step.kind === 'PROCESS_RANGE' ? checkedCount + skippedCount + unchangedCount : 0;
  const { rowCount } = await client.query(sql`
    WITH done AS (
      UPDATE staged_batch_step
      SET done_at = now(), checked_count = ${checkedCount}, skipped_count = ${skippedCount},
          unchanged_count = ${unchangedCount}, finding_count = ${findingCount},
          details = ${result.details ? encodeJson(result.details) : null}::jsonb
      WHERE batch_id = ${batchId} AND kind = ${step.kind} AND step_index = ${step.stepIndex}
    )
    UPDATE staged_batch SET processed_count = processed_count + ${progress}, updated_at = now()
    WHERE id = ${batchId} AND status = ${status}`);
  return rowCount === 1;
}

/** The steps of a batch that are not done yet. */
export async function openSteps(client: ClientBase | Pool, batchId: string): Promise<StepKey[]> {
  const { rows } = await client.query<StepKey>(sql`
    SELECT kind, step_index AS "stepIndex" FROM staged_batch_step
    WHERE batch_id = ${batchId} AND done_at IS NULL
    ORDER BY kind, step_index`);
  return rows;
}
