import type { ClientBase, Pool } from 'pg';
import sql, { raw } from 'sql-template-tag';
import { validate as isUuid, v7 as uuidv7 } from 'uuid';
import { badUserInput, ExpectedError } from '../../../../platform/errors.ts';
import type { Logger } from '../../../../platform/logger.ts';
import { inTransaction } from '../../../../platform/postgres/pool.ts';
import type { RecordStatus } from '../../generated/prisma/enums.ts';
import { ENTITY_TABLES } from '../../profiles/entityTables.ts';
import { MATCHING_PROFILES } from '../../profiles/registry.ts';
import type { EntityType } from '../../rules/entities.ts';
import { isInProduction } from '../promotion/acceptedFindings.ts';
import { recheckRecords } from '../staging/recheckRecords.ts';
import { completeReviewed } from './completeReviewed.ts';
import { assertRecordsExist, type RecordKey } from './decideRecords.ts';
import { insertDecision, reviewerText, staleVersionError, WHOLE_RECORD } from './decisionLog.ts';
import { lockReviewedBatch, type ReviewedBatch, reopenBatch } from './lockReviewedBatch.ts';

/** What somebody says that an imported row is to production. */
export interface MatchChoice extends RecordKey {
  /** The entity that it updates; null where it becomes a new one. */
  readonly entityId: string | null;
}

export interface ChooseMatchInput {
  readonly batchId: string;
  readonly actorId: string;
  readonly choices: readonly MatchChoice[];
  readonly comment: string | null;
}

/** So many rows are judged anew in one go, while their reviewer waits. */
const MOST_CHOICES = 1_000;

export interface MatchChoiceService {
  /**
   * Says what rows of an import are to production: one of the candidates, another entity, or a new one.
   * The rows are judged anew as what they would make of it, and are to be decided on then, also where
   * they had been. May be chosen again until the row is in production, or taken back by reopening it.
   *
   * @throws `BAD_USER_INPUT` for what is no import, for too many choices, two of one row, and rows or
   *   entities that there are not; `CONFLICT` where somebody has decided since the reviewer looked, and
   *   for rows that are in production or can't be read. Nothing is chosen then.
   */
  readonly chooseMatch: (input: ChooseMatchInput) => Promise<void>;
}

interface Dependencies {
  readonly pool: Pool;
  readonly logger: Logger;
}

export function createMatchChoiceService(dependencies: Dependencies): MatchChoiceService {
  return { chooseMatch: (input) => chooseMatch(dependencies, input) };
}

async function chooseMatch({ pool, logger }: Dependencies, input: ChooseMatchInput): Promise<void> {
  const { batchId, actorId, choices } = input;
  const comment = reviewerText('comment', input.comment);
  assertFewAndOnce(choices);
  const rowIndexes = choices.map(({ rowIndex }) => rowIndex);
  await inTransaction(pool, async (client) => {
    const batch = await lockReviewedBatch(client, batchId);
    if (!MATCHING_PROFILES.includes(batch.profile)) {
      throw badUserInput('input.batchId', 'Only the rows of imports are matched.');
    }
    await assertRecordsExist(client, batch.id, choices, 'choices');
    await lockFindings(client, batch.id, rowIndexes);
    const records = await lockRecords(client, batch, rowIndexes);
    await assertSeen(client, input, records);
    for (const record of records) assertOpen(record);
    const versions = await readEntities(client, batch, choices, records);
    const decisionId = uuidv7();
    await insertDecision(client, { id: decisionId, batchId, actorId, decision: 'OPEN', comment });
    await keepChoices(client, batch.id, choices, versions, decisionId);
    await recheckRecords(client, batch, rowIndexes, logger);
    await reopenBatch(client, batch);
  });
  await completeReviewed(pool, batchId, Math.min(...rowIndexes));
}

function assertFewAndOnce(choices: readonly MatchChoice[]): void {
  if (choices.length === 0) throw badUserInput('input.choices', 'Choose for at least one record.');
  if (choices.length > MOST_CHOICES) {
    throw badUserInput('input.choices', `Choose for at most ${MOST_CHOICES} records at a time.`);
  }
  const rows = choices.map(({ rowIndex }) => rowIndex);
  const twice = rows.findIndex((row, index) => rows.indexOf(row) < index);
  if (twice < 0) return;
  throw badUserInput(`input.choices.${twice}`, `Record ${rows[twice]} is named twice.`);
}

/** Before the records' states, as every decision does. */
async function lockFindings(
  client: ClientBase,
  batchId: string,
  rowIndexes: readonly number[],
): Promise<void> {
  await client.query(sql`
    SELECT FROM finding WHERE batch_id = ${batchId} AND row_index = ANY (${rowIndexes}::int[])
    ORDER BY row_index, ordinal FOR UPDATE`);
}

interface LockedRecord {
  readonly rowIndex: number;
  readonly entityType: EntityType;
  readonly status: RecordStatus | null;
  readonly version: number;
  /** Whether somebody else than the reviewer has accepted or rejected it. */
  readonly decidedById: string | null;
  readonly isInProduction: boolean;
}

async function lockRecords(
  client: ClientBase,
  { id }: ReviewedBatch,
  rowIndexes: readonly number[],
): Promise<readonly LockedRecord[]> {
  await client.query(sql`
    INSERT INTO staged_record_state AS s (batch_id, row_index)
    SELECT ${id}::uuid, row_index FROM unnest(${rowIndexes}::int[]) AS row_index ORDER BY 2
    ON CONFLICT (batch_id, row_index) DO UPDATE SET decision_version = s.decision_version`);
  const { rows } = await client.query<LockedRecord>(sql`
    SELECT s.row_index AS "rowIndex", r.entity_type AS "entityType", s.status,
           s.decision_version AS version, s.decided_by_id AS "decidedById",
           ${isInProduction(sql`s.batch_id`, sql`s.row_index`)} AS "isInProduction"
    FROM staged_record_state s
    JOIN staged_record r ON r.batch_id = s.batch_id AND r.row_index = s.row_index
    WHERE s.batch_id = ${id} AND s.row_index = ANY (${rowIndexes}::int[])
    ORDER BY s.row_index`);
  return rows;
}

/** @throws `CONFLICT` where another version was seen, or none and somebody else has decided */
async function assertSeen(
  client: ClientBase,
  { batchId, actorId, choices }: ChooseMatchInput,
  records: readonly LockedRecord[],
): Promise<void> {
  const seenBy = new Map(choices.map(({ rowIndex, version }) => [rowIndex, version]));
  const stale = records.flatMap(({ rowIndex, version, decidedById }) => {
    const seen = seenBy.get(rowIndex) ?? null;
    const isStale =
      seen === null ? decidedById !== null && decidedById !== actorId : seen !== version;
    return isStale ? [{ rowIndex, ordinal: WHOLE_RECORD, seen, version }] : [];
  });
  if (stale.length > 0) throw await staleVersionError(client, batchId, stale);
}

function assertOpen({ rowIndex, status, isInProduction: isApplied }: LockedRecord): void {
  if (status === 'INVALID') {
    throw new ExpectedError(
      'CONFLICT',
      `Record ${rowIndex} could not be read, and matches nothing.`,
    );
  }
  if (status !== 'PROMOTED' && !isApplied) return;
  throw new ExpectedError(
    'CONFLICT',
    `Record ${rowIndex} is in production. Revert its promotion first.`,
  );
}

/** @returns the versions of the chosen entities, by id */
async function readEntities(
  client: ClientBase,
  { workspaceId }: ReviewedBatch,
  choices: readonly MatchChoice[],
  records: readonly LockedRecord[],
): Promise<ReadonlyMap<string, number>> {
  const typeOf = new Map(records.map(({ rowIndex, entityType }) => [rowIndex, entityType]));
  const versions = new Map<string, number>();
  const byType = Map.groupBy(choices, ({ rowIndex }) => typeOf.get(rowIndex) ?? 'contact');
  for (const [entityType, ofType] of byType) {
    const ids = ofType.flatMap(({ entityId }) =>
      entityId !== null && isUuid(entityId) ? entityId : [],
    );
    const { rows } = await client.query<{ id: string; version: number }>(sql`
      SELECT id, version FROM ${raw(ENTITY_TABLES[entityType])}
      WHERE workspace_id = ${workspaceId} AND state = 'ACTIVE' AND id = ANY (${ids}::uuid[])`);
    const found = new Map(rows.map(({ id, version }) => [id, version]));
    for (const { entityId } of ofType) {
      if (entityId === null) continue;
      const version = found.get(entityId.toLowerCase());
      if (version === undefined) {
        const index = choices.findIndex((choice) => choice.entityId === entityId);
        throw badUserInput(
          `input.choices.${index}.entityId`,
          `This workspace has no active ${entityType} ${entityId}.`,
        );
      }
      versions.set(entityId, version);
    }
  }
  return versions;
}

async function keepChoices(
  client: ClientBase,
  batchId: string,
  choices: readonly MatchChoice[],
  versions: ReadonlyMap<string, number>,
  decisionId: string,
): Promise<void> {
  const chosen = choices.map(({ rowIndex, entityId }) => ({
    rowIndex,
    entityId: entityId?.toLowerCase() ?? null,
    version: entityId === null ? null : versions.get(entityId),
  }));
  await client.query(sql`
    WITH chosen AS (
      UPDATE staged_record_state s
      SET matched_id = c."entityId", base_version = c.version, entity_id = NULL,
          match_kind = CASE WHEN c."entityId" IS NULL THEN 'NEW' ELSE 'UPDATE' END::match_kind,
          match_by = 'CHOICE', status = NULL, reason = NULL, edited_values = NULL,
          decision = 'OPEN', decided_by_id = NULL, decision_version = s.decision_version + 1
      FROM jsonb_to_recordset(${JSON.stringify(chosen)}::jsonb)
        AS c("rowIndex" int, "entityId" uuid, version int)
      WHERE s.batch_id = ${batchId} AND s.row_index = c."rowIndex"
      RETURNING s.row_index, s.decision_version, coalesce(s.matched_id::text, 'NEW') AS choice
    )
    INSERT INTO decision_entry (batch_id, row_index, ordinal, version, decision_id, match_choice)
    SELECT ${batchId}::uuid, row_index, ${WHOLE_RECORD}::int, decision_version, ${decisionId}::uuid,
           choice
    FROM chosen`);
}
