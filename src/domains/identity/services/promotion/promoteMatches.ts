import type { ClientBase } from 'pg';
import sql, { raw } from 'sql-template-tag';
import { copyInto, encodeCopyRow, encodeJson } from '../../../../platform/postgres/copy.ts';
import { ENTITY_TABLES } from '../../profiles/entityTables.ts';
import { readValueFormats, toCanonicalRow } from '../../profiles/formats/valueFormats.ts';
import { UnreadableValueError } from '../../profiles/parseFields.ts';
import { type RowReferences, withReference } from '../../profiles/rowReference.ts';
import type { EntityType } from '../../rules/entities.ts';
import type { StagedBatch } from '../staging/stagedBatch.ts';
import type { Promoter } from './acceptedFindings.ts';
import type { Rows } from './applyBisecting.ts';
import { isWithin } from './chosenRecords.ts';
import { changeEntities, planFieldChanges } from './fieldChanges.ts';
import type { ImportDecisions } from './importDecisions.ts';
import { holdLostReferences } from './lostReferences.ts';
import { countOutcomes, keepStates, recordChanges } from './plannedChanges.ts';
import { addCounts, NOTHING_PROMOTED, type PromotedCounts } from './promotedCounts.ts';
import { markApplied } from './promoteFindings.ts';
import { recordFailure } from './recordFailure.ts';
import { type FieldTexts, wantedValues } from './wantedValues.ts';
import { withoutNestedLoops } from './withoutNestedLoops.ts';

interface Update {
  readonly rowIndex: number;
  readonly entityId: string;
  readonly wanted: FieldTexts;
}

/**
 * Brings the entities up to date that chosen records of an import match, in the fields in which they
 * differ. An entity that was changed since it was matched is left alone.
 */
export async function promoteMatches(
  client: ClientBase,
  batch: StagedBatch,
  promoter: Promoter,
  part: ReferringPart,
  decisions: ImportDecisions,
): Promise<PromotedCounts> {
  const { rows, entityType, references } = part;
  return withoutNestedLoops(client, async () => {
    // Not those that have just turned out to match: nobody has seen what they would change.
    const matches = (await loadMatches(client, batch, part))
      .filter(({ rowIndex }) => decisions.isMatched(rowIndex) && decisions.isChosen(rowIndex))
      .map((match) => ({
        ...match,
        rawData: withReference(match.rawData, references.get(match.rowIndex)),
      }));
    if (matches.length === 0) return NOTHING_PROMOTED;
    const { updates, failed } = await readUpdates(client, batch, matches, decisions);
    if (updates.length === 0) return { ...NOTHING_PROMOTED, failed };
    await copyUpdates(client, updates);
    const updated = await updateType(client, batch, promoter, rows, entityType);
    return addCounts(updated, { ...NOTHING_PROMOTED, failed });
  });
}

/** The records of one type in a range, with what they refer to. */
export interface ReferringPart {
  readonly rows: Rows;
  readonly entityType: EntityType;
  readonly references: RowReferences;
}

interface Match {
  readonly rowIndex: number;
  readonly entityType: EntityType;
  readonly entityId: string;
  readonly rawData: Readonly<Record<string, unknown>>;
  readonly edited: FieldTexts | null;
}

async function loadMatches(
  client: ClientBase,
  { id }: StagedBatch,
  { rows, entityType }: ReferringPart,
): Promise<readonly Match[]> {
  const { rows: matches } = await client.query<Match>(sql`
    SELECT s.row_index AS "rowIndex", r.entity_type AS "entityType", s.matched_id AS "entityId",
           r.raw_data AS "rawData", s.edited_values AS edited
    FROM staged_record_state s
    JOIN staged_record r ON r.batch_id = s.batch_id AND r.row_index = s.row_index
    WHERE s.batch_id = ${id} AND r.batch_id = ${id} AND s.matched_id IS NOT NULL
      AND r.entity_type = ${entityType}::entity_type
      ${isWithin(sql`s.row_index`, rows)} ${isWithin(sql`r.row_index`, rows)}
    ORDER BY s.row_index`);
  return matches;
}

async function readUpdates(
  client: ClientBase,
  batch: StagedBatch,
  matches: readonly Match[],
  { acceptedValues }: ImportDecisions,
): Promise<{ readonly updates: readonly Update[]; readonly failed: number }> {
  const formats = await readValueFormats(client, batch.id);
  const updates: Update[] = [];
  let failed = 0;
  for (const { rowIndex, entityId, edited, ...row } of matches) {
    const accepted = acceptedValues.get(rowIndex) ?? {};
    try {
      const rawData = toCanonicalRow(row.entityType, row.rawData, formats);
      const wanted = wantedValues({ ...row, rawData, accepted, edited: edited ?? {} });
      updates.push({ rowIndex, entityId, wanted });
    } catch (error) {
      if (!(error instanceof UnreadableValueError)) throw error;
      await recordFailure(client, batch.id, rowIndex, error.message);
      failed += 1;
    }
  }
  return { updates, failed };
}

async function copyUpdates(client: ClientBase, updates: readonly Update[]): Promise<void> {
  await client.query('TRUNCATE wanted_update');
  await copyInto(
    client,
    'wanted_update (row_index, entity_id, wanted)',
    updates,
    ({ rowIndex, entityId, wanted }) => encodeCopyRow([rowIndex, entityId, encodeJson(wanted)]),
  );
}

async function updateType(
  client: ClientBase,
  batch: StagedBatch,
  promoter: Promoter,
  rows: Rows,
  entityType: EntityType,
): Promise<PromotedCounts> {
  const fields = await lockEntities(client, batch, entityType);
  await planFieldChanges(client, {
    ...{ batch, rows, entityType, fields },
    wanted: sql`SELECT row_index, entity_id, NULL::int AS entity_version, wanted FROM wanted_update`,
    entityIds: sql`SELECT entity_id FROM wanted_update`,
  });
  await holdTakenIds(client, batch, entityType);
  await holdRivals(client, entityType);
  await holdLostReferences(client, batch, entityType, fields);
  await changeEntities(client, entityType, fields);
  await recordChanges(client, batch, promoter, entityType, 'UPDATED');
  await markApplied(client, batch, promoter, rows);
  await keepStates(client, batch);
  return countOutcomes(client);
}

/** As promoteFindings locks them. */
async function lockEntities(
  client: ClientBase,
  batch: StagedBatch,
  entityType: EntityType,
): Promise<readonly string[]> {
  await client.query(sql`
    SELECT FROM ${raw(ENTITY_TABLES[entityType])}
    WHERE id = ANY (ARRAY (SELECT entity_id FROM wanted_update))
      AND workspace_id = ${batch.workspaceId}
    ORDER BY id FOR UPDATE`);
  const { rows } = await client.query<{ fields: string[] }>(sql`
    SELECT coalesce(array_agg(DISTINCT field), '{}') AS fields
    FROM wanted_update, jsonb_object_keys(wanted) AS field`);
  return rows[0]?.fields ?? [];
}

/** Of several rows that would change the same entity, the first one does; the others have not seen that. */
async function holdRivals(client: ClientBase, entityType: EntityType): Promise<void> {
  await client.query(sql`
    UPDATE planned_change p
    SET outcome = CASE WHEN p.after = first.after THEN 'SAME' ELSE 'CONFLICT' END,
        reason = CASE WHEN p.after <> first.after
          THEN format('Record %s of this batch has changed the %s too, and came first.',
            first.row_index, ${entityType}::text) END
    FROM (
      SELECT DISTINCT ON (entity_id) entity_id, row_index, after FROM planned_change
      WHERE outcome = 'CHANGED' ORDER BY entity_id, row_index
    ) first
    WHERE p.outcome = 'CHANGED' AND p.entity_id = first.entity_id
      AND p.row_index > first.row_index`);
}

/** An external id is one entity's: what would give it to a second one waits. */
async function holdTakenIds(
  client: ClientBase,
  { workspaceId }: StagedBatch,
  entityType: EntityType,
): Promise<void> {
  const wanted = sql`SELECT row_index, after->>'externalId' AS external_id FROM planned_change
    WHERE outcome = 'CHANGED' AND after->>'externalId' IS NOT NULL`;
  await client.query(sql`
    UPDATE planned_change p
    SET outcome = 'FAILED', reason = format('Another %s has the external id "%s" already.',
      ${entityType}::text, taken.external_id)
    FROM (
      SELECT w.row_index, w.external_id,
             row_number() OVER (PARTITION BY w.external_id ORDER BY w.row_index) > 1 AS is_second,
             w.external_id = ANY (ARRAY (
               SELECT external_id FROM ${raw(ENTITY_TABLES[entityType])}
               WHERE workspace_id = ${workspaceId} AND state = 'ACTIVE'
                 AND external_id = ANY (ARRAY (SELECT external_id FROM (${wanted}) w)))) AS is_taken
      FROM (${wanted}) w
    ) taken
    WHERE p.row_index = taken.row_index AND (taken.is_second OR taken.is_taken)`);
}
