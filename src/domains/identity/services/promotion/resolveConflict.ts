import type { ClientBase, Pool } from 'pg';
import sql, { raw } from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { badUserInput, ExpectedError } from '../../../../platform/errors.ts';
import { inTransaction } from '../../../../platform/postgres/pool.ts';
import type { EntityState } from '../../generated/prisma/enums.ts';
import { ENTITY_TABLES } from '../../profiles/entityTables.ts';
import { readValueFormats, toCanonicalRow } from '../../profiles/formats/valueFormats.ts';
import { parseGivenFields } from '../../profiles/parseFields.ts';
import { profileByName } from '../../profiles/registry.ts';
import type { EntityType } from '../../rules/entities.ts';
import { resolveMerges } from '../merge/resolveMerges.ts';
import { completeReviewed } from '../review/completeReviewed.ts';
import { insertDecision, reviewerText, WHOLE_RECORD } from '../review/decisionLog.ts';
import { readFieldEdits } from '../review/editedValues.ts';
import { lockReviewedBatch, type ReviewedBatch } from '../review/lockReviewedBatch.ts';
import { isInProduction, isUnapplied } from './acceptedFindings.ts';
import type { FieldTexts } from './wantedValues.ts';

/** Whose value an entity is to have that was changed after it was looked at. */
export type ConflictResolution = 'THEIRS' | 'OURS' | 'EDITED';

/** A value for a field; an empty text means none at all. */
export interface FieldValue {
  readonly field: string;
  readonly value: string;
}

export interface ResolveConflictInput {
  readonly batchId: string;
  readonly rowIndex: number;
  readonly actorId: string;
  readonly resolution: ConflictResolution;
  /** Of a resolution EDITED. */
  readonly values: readonly FieldValue[];
  /** The version of the entity that the reviewer saw; null where they take what there is. */
  readonly entityVersion: number | null;
  readonly comment: string | null;
}

/**
 * Resolves the conflict of a record: theirs keeps the entity as it is, and rejects what was accepted;
 * ours, or a third value, goes into production with the next promotion, unless somebody changes the
 * entity once more. Either is a decision, and kept as one.
 *
 * @throws `BAD_USER_INPUT` for values that don't fit; `CONFLICT` where the record is in no conflict,
 *   where the entity was changed since the reviewer saw it, and where it is no longer active. Nothing
 *   is changed then.
 */
export async function resolveConflict(pool: Pool, input: ResolveConflictInput): Promise<void> {
  const comment = reviewerText('comment', input.comment);
  assertValuesFit(input);
  await inTransaction(pool, async (client) => {
    const batch = await lockReviewedBatch(client, input.batchId);
    const findings = await lockFindings(client, batch, input.rowIndex);
    const conflict = await lockConflict(client, batch, input.rowIndex);
    const isTheirs = input.resolution === 'THEIRS';
    if (!isTheirs) assertEntityUnchanged(conflict, input.entityVersion);
    const edits = await readEdits(client, batch, input, conflict, findings);
    const id = uuidv7();
    const { actorId } = input;
    const decision = isTheirs ? 'REJECTED' : 'ACCEPTED';
    await insertDecision(client, { id, batchId: batch.id, actorId, decision, comment });
    await decideFindings(client, batch, input, id, edits.ofFindings);
    await releaseRecord(client, batch, input, isTheirs ? null : conflict.version);
    await decideRecord(client, batch, input, id, edits.ofRecord);
    await resolveMerges(client, batch, { ...input, decisionId: id, isTheirs });
  });
  await completeReviewed(pool, input.batchId, input.rowIndex);
}

function assertValuesFit({ resolution, values }: ResolveConflictInput): void {
  if (resolution === 'EDITED' && values.length === 0) {
    throw badUserInput('input.values', 'Give at least one value.');
  }
  if (resolution !== 'EDITED' && values.length > 0) {
    throw badUserInput('input.values', `Values are for EDITED only, not for ${resolution}.`);
  }
  const fields = values.map(({ field }) => field);
  const index = fields.findIndex((field, at) => fields.indexOf(field) < at);
  if (index >= 0) throw badUserInput(`input.values.${index}`, `${fields[index]} is named twice.`);
}

interface ConflictingFinding {
  readonly ordinal: number;
  readonly field: string;
}

/** Before the record's state, as every decision does. */
async function lockFindings(
  client: ClientBase,
  batch: ReviewedBatch,
  rowIndex: number,
): Promise<readonly ConflictingFinding[]> {
  const { rows } = await client.query<ConflictingFinding>(sql`
    SELECT f.ordinal, f.field FROM finding f
    WHERE f.batch_id = ${batch.id} AND f.row_index = ${rowIndex} AND ${isUnapplied}
    ORDER BY f.ordinal FOR NO KEY UPDATE`);
  return rows;
}

interface Conflict {
  readonly entityType: EntityType;
  /** Null where the entity is gone. */
  readonly state: EntityState | null;
  readonly version: number | null;
  /** Of an imported row that matches the entity, and none of which is in production: its values. */
  readonly rawData: Readonly<Record<string, unknown>> | null;
}

async function lockConflict(
  client: ClientBase,
  batch: ReviewedBatch,
  rowIndex: number,
): Promise<Conflict> {
  const { rows } = await client.query<
    Pick<Conflict, 'entityType' | 'rawData'> & { entityId: string | null }
  >(sql`
    SELECT r.entity_type AS "entityType",
           coalesce(s.matched_id, s.entity_id, r.entity_id) AS "entityId",
           CASE WHEN s.matched_id IS NOT NULL
             AND NOT ${isInProduction(sql`s.batch_id`, sql`s.row_index`)} THEN r.raw_data END AS "rawData"
    FROM staged_record_state s
    JOIN staged_record r ON r.batch_id = s.batch_id AND r.row_index = s.row_index
    WHERE s.batch_id = ${batch.id} AND s.row_index = ${rowIndex} AND s.status = 'CONFLICT'
    FOR NO KEY UPDATE OF s`);
  if (!rows[0]) {
    throw new ExpectedError('CONFLICT', `Record ${rowIndex} is in no conflict. Look at it again.`);
  }
  const { entityType, entityId } = rows[0];
  const formats = await readValueFormats(client, batch.id);
  const rawData = rows[0].rawData && toCanonicalRow(entityType, rows[0].rawData, formats);
  const entity = await client.query<{ state: EntityState; version: number }>(sql`
    SELECT state, version FROM ${raw(ENTITY_TABLES[entityType])}
    WHERE id = ${entityId} AND workspace_id = ${batch.workspaceId}`);
  return { entityType, rawData, ...(entity.rows[0] ?? { state: null, version: null }) };
}

/** @throws `CONFLICT` where nothing can be applied, or the reviewer has seen something else */
function assertEntityUnchanged(
  { entityType, state, version, rawData }: Conflict,
  seen: number | null,
): void {
  if (state !== 'ACTIVE') {
    throw new ExpectedError(
      'CONFLICT',
      `The ${entityType} is ${state ?? 'gone'}, so nothing can be applied to it. ${
        rawData === null
          ? 'Resolve the conflict with THEIRS.'
          : `Reopen the record and accept it again, and it becomes a ${entityType} of its own; or resolve the conflict with THEIRS.`
      }`,
    );
  }
  if (seen === null || seen === version) return;
  throw new ExpectedError(
    'CONFLICT',
    `The ${entityType} has been changed again (version ${version}; you saw ${seen}). Look at it again.`,
    version === null ? {} : { version },
  );
}

/** A finding with the value that is to be applied for it. */
interface Edit {
  readonly ordinal: number;
  readonly value: string;
}

interface Edits {
  /** Each for all findings of its field. */
  readonly ofFindings: readonly Edit[];
  /** For fields that the row has a value for, and no finding. */
  readonly ofRecord: FieldTexts;
}

const NO_EDITS: Edits = { ofFindings: [], ofRecord: {} };

/**
 * The given values, judged by the rules.
 *
 * @throws `BAD_USER_INPUT` for a field that the conflict is not about, and see {@link readFieldEdits}
 */
async function readEdits(
  client: ClientBase,
  batch: ReviewedBatch,
  { rowIndex, values }: ResolveConflictInput,
  { entityType, rawData }: Conflict,
  findings: readonly ConflictingFinding[],
): Promise<Edits> {
  if (values.length === 0) return NO_EDITS;
  const ofFindings = new Set(findings.map(({ field }) => field));
  const ofRow = rawData === null ? [] : Object.keys(parseGivenFields(entityType, rawData));
  const fields = new Set([...ofFindings, ...ofRow]);
  const edits = values.map(({ field, value }, index) => {
    const path = `input.values.${index}`;
    if (fields.has(field)) return { rowIndex, entityType, field, value, path: `${path}.value` };
    const known = [...fields].join(', ') || 'none';
    throw badUserInput(
      `${path}.field`,
      `Nothing was accepted for the field "${field}". Fields with something accepted: ${known}.`,
    );
  });
  const read = await readFieldEdits(client, batch, edits);
  return {
    ofFindings: read.flatMap(({ field, value }) =>
      findings
        .filter((finding) => finding.field === field)
        .map(({ ordinal }) => ({ ordinal, value })),
    ),
    ofRecord: Object.fromEntries(
      read.filter(({ field }) => !ofFindings.has(field)).map(({ field, value }) => [field, value]),
    ),
  };
}

async function decideFindings(
  client: ClientBase,
  batch: ReviewedBatch,
  { rowIndex, actorId, resolution }: ResolveConflictInput,
  decisionId: string,
  edits: readonly Edit[],
): Promise<void> {
  const isTheirs = resolution === 'THEIRS';
  await client.query(sql`
    WITH decided AS (
      UPDATE finding f
      SET decision = ${isTheirs ? 'REJECTED' : 'ACCEPTED'}::finding_decision, version = version + 1,
          decided_by_id = ${actorId}, applied = false, unchanged = false,
          edited_value = CASE WHEN ${isTheirs} THEN NULL
            WHEN f.ordinal = ANY(${edits.map(({ ordinal }) => ordinal)}::int[]) THEN (
              SELECT nullif(e.value, f.suggested_value)
              FROM jsonb_to_recordset(${JSON.stringify(edits)}::jsonb) AS e(ordinal int, value text)
              WHERE e.ordinal = f.ordinal)
            ELSE f.edited_value END
      WHERE f.batch_id = ${batch.id} AND f.row_index = ${rowIndex} AND ${isUnapplied}
      RETURNING ordinal, version, edited_value
    )
    INSERT INTO decision_entry (batch_id, row_index, ordinal, version, decision_id, edited_value)
    SELECT ${batch.id}::uuid, ${rowIndex}::int, ordinal, version, ${decisionId}::uuid, edited_value
    FROM decided`);
}

/** @param baseVersion - of the entity, on which the next promotion builds; null to keep what is there */
async function releaseRecord(
  client: ClientBase,
  batch: ReviewedBatch,
  { rowIndex, resolution }: ResolveConflictInput,
  baseVersion: number | null,
): Promise<void> {
  const isTheirs = resolution === 'THEIRS';
  await client.query(sql`
    UPDATE staged_record_state s
    SET reason = NULL, base_version = coalesce(${baseVersion}::int, base_version),
        status = CASE WHEN ${isTheirs} AND (${isInProduction(sql`s.batch_id`, sql`s.row_index`)} OR EXISTS (
          SELECT FROM finding f
          WHERE f.batch_id = s.batch_id AND f.row_index = s.row_index AND f.applied))
          THEN 'PROMOTED'::record_status END
    WHERE s.batch_id = ${batch.id} AND s.row_index = ${rowIndex}`);
}

/**
 * Decides on a record that brings a change of its own. One of an import that is in production already
 * has its findings in conflict, and they alone are decided.
 */
async function decideRecord(
  client: ClientBase,
  batch: ReviewedBatch,
  { rowIndex, actorId, resolution }: ResolveConflictInput,
  decisionId: string,
  edits: FieldTexts,
): Promise<void> {
  if (profileByName(batch.profile).kind === 'audit') return;
  const isTheirs = resolution === 'THEIRS';
  const edited = Object.keys(edits).length === 0 ? null : JSON.stringify(edits);
  await client.query(sql`
    WITH decided AS (
      UPDATE staged_record_state s
      SET decision = ${isTheirs ? 'REJECTED' : 'ACCEPTED'}::finding_decision,
          decided_by_id = ${actorId}, decision_version = decision_version + 1,
          edited_values = CASE WHEN NOT ${isTheirs}
            THEN nullif(coalesce(edited_values, '{}') || coalesce(${edited}::jsonb, '{}'), '{}') END
      WHERE s.batch_id = ${batch.id} AND s.row_index = ${rowIndex}
        AND NOT ${isInProduction(sql`s.batch_id`, sql`s.row_index`)}
      RETURNING decision_version
    )
    INSERT INTO decision_entry (batch_id, row_index, ordinal, version, decision_id, edited_value)
    SELECT ${batch.id}::uuid, ${rowIndex}::int, ${WHOLE_RECORD}::int, decision_version,
           ${decisionId}::uuid, ${edited}
    FROM decided`);
}
