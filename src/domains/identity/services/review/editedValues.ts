import type { ClientBase } from 'pg';
import sql, { raw } from 'sql-template-tag';
import { validate as isUuid } from 'uuid';
import { ExpectedError } from '../../../../platform/errors.ts';
import { ENTITY_TABLES, entityColumns, fieldsAsJson } from '../../profiles/entityTables.ts';
import { readValueFormats, toCanonicalRow } from '../../profiles/formats/valueFormats.ts';
import { asImported } from '../../profiles/loadImportedRange.ts';
import { loadMatchedEntities } from '../../profiles/matchedEntities.ts';
import { parseFields, UnreadableValueError } from '../../profiles/parseFields.ts';
import { profileByName } from '../../profiles/registry.ts';
import type { EntityType, FieldsByType } from '../../rules/entities.ts';
import type { FindingDraft, RecordRule, RuleContext, Severity } from '../../rules/rule.ts';
import { batchRules } from '../staging/batchRules.ts';
import type { ReviewedBatch } from './lockReviewedBatch.ts';
import type { NamedFinding } from './namedFindings.ts';
import type { FindingKey } from './reviewSelection.ts';

/** A value that a reviewer wants a field of a record to have; an empty text means none at all. */
export interface FieldEdit {
  readonly rowIndex: number;
  readonly entityType: EntityType;
  readonly field: string;
  readonly value: string;
  /** Of the input field that the value came in. */
  readonly path: string;
}

/**
 * Reads the values that come with named findings.
 *
 * @returns the keys, with their values as they will be applied
 * @throws see {@link readFieldEdits}
 */
export async function readEdits(
  client: ClientBase,
  batch: ReviewedBatch,
  keys: readonly FindingKey[],
  named: readonly NamedFinding[],
): Promise<readonly FindingKey[]> {
  const edits = keys.flatMap(({ value }, index): FieldEdit[] => {
    const finding = named[index];
    if (value === null || finding === undefined) return [];
    return [{ ...finding, value, path: `input.findings.${index}.value` }];
  });
  if (edits.length === 0) return keys;
  const values = new Map(
    (await readFieldEdits(client, batch, edits)).map(({ path, value }) => [path, value]),
  );
  return keys.map((key, index) => ({
    ...key,
    value: values.get(`input.findings.${index}.value`) ?? null,
  }));
}

/**
 * Reads values that reviewers want fields to have, and judges each by the rules of its field, within
 * its entity as it is with all these values. Guesses of rules refuse nothing.
 *
 * @returns the edits, with each value written as it will be applied
 * @throws `BAD_USER_INPUT` naming the field, and the rule where it is one that refuses a value;
 *   `CONFLICT` where an entity is no longer there
 */
export async function readFieldEdits(
  client: ClientBase,
  batch: ReviewedBatch,
  edits: readonly FieldEdit[],
): Promise<readonly FieldEdit[]> {
  const { context, recordRules } = await batchRules(client, batch);
  const read: FieldEdit[] = [];
  for (const [entityType, ofType] of Map.groupBy(edits, (edit) => edit.entityType)) {
    const typed = { client, batch, context, edits: ofType };
    switch (entityType) {
      case 'contact':
        read.push(...(await readEditsOf({ ...typed, entityType, rules: recordRules.contact })));
        break;
      case 'site':
        read.push(...(await readEditsOf({ ...typed, entityType, rules: recordRules.site })));
        break;
      case 'device':
        read.push(...(await readEditsOf({ ...typed, entityType, rules: recordRules.device })));
        break;
    }
  }
  return read;
}

interface EditsOfType<T extends EntityType> {
  readonly client: ClientBase;
  readonly batch: ReviewedBatch;
  readonly context: RuleContext;
  readonly entityType: T;
  readonly rules: readonly RecordRule<T>[];
  readonly edits: readonly FieldEdit[];
}

interface ReadEdit {
  readonly edit: FieldEdit;
  /** As rules see it. */
  readonly value: unknown;
}

async function readEditsOf<T extends EntityType>(of: EditsOfType<T>): Promise<FieldEdit[]> {
  const edits = await asIds(of.client, of.batch.workspaceId, of.edits);
  const read = edits.map((edit) => ({ edit, value: readValue(edit) }));
  await assertReferencesExist(of.client, of.batch.workspaceId, read);
  const entities = await loadEntities(of);
  for (const [rowIndex, ofRow] of Map.groupBy(read, ({ edit }) => edit.rowIndex)) {
    const entity = entities.get(rowIndex);
    if (entity === undefined) throw noEntity(rowIndex);
    assertRulesAgree(of, ofRow, {
      ...entity,
      ...Object.fromEntries(ofRow.map(({ edit, value }) => [edit.field, value])),
    });
  }
  return read.map(({ edit, value }) => ({ ...edit, value: value === null ? '' : String(value) }));
}

function noEntity(rowIndex: number): ExpectedError {
  return new ExpectedError(
    'CONFLICT',
    `Record ${rowIndex} can't be looked at any more: its entity is gone.`,
    { rowIndex },
  );
}

function refused(
  { field, path }: FieldEdit,
  message: string,
  details: { readonly ruleId?: string } = {},
): ExpectedError {
  return new ExpectedError('BAD_USER_INPUT', message, {
    field: path,
    entityField: field,
    ...details,
  });
}

/** @throws `BAD_USER_INPUT` when the field can't have such a value */
function readValue(edit: FieldEdit): unknown {
  const { entityType, field, value } = edit;
  const column = entityColumns(entityType).find((candidate) => candidate.field === field);
  if (column === undefined)
    throw refused(edit, 'This finding is about no field, so it has no value.');
  const isEnum = column.type === 'contact_kind' || column.type === 'device_status';
  if (isEnum && value.trim() === '') throw refused(edit, `${field}: it always has a value.`);
  try {
    return Reflect.get(parseFields(entityType, { [field]: value }), field);
  } catch (error) {
    if (!(error instanceof UnreadableValueError)) throw error;
    throw refused(edit, error.message);
  }
}

/** @throws `BAD_USER_INPUT` naming the field and the rule */
function assertRulesAgree<T extends EntityType>(
  { rules, context }: EditsOfType<T>,
  edits: readonly ReadEdit[],
  entity: FieldsByType[T],
): void {
  for (const rule of rules) {
    const drafts: FindingDraft[] = [];
    rule.check(entity, context, (draft) => drafts.push(draft));
    for (const draft of drafts) {
      if (isGuess(rule, draft)) continue;
      const { field, message } = draft;
      const refusedEdit = edits.find(({ edit }) => edit.field === field);
      if (refusedEdit === undefined) continue;
      throw refused(refusedEdit.edit, `${field}: ${message} (${rule.id})`, { ruleId: rule.id });
    }
  }
}

/** Whether a rule may be wrong, so that the word of a person who has looked counts for more. */
function isGuess({ severity }: { severity: Severity }, draft: FindingDraft): boolean {
  return draft.certainty === 'LIKELY' || (severity === 'INFO' && draft.suggestedValue === null);
}

const REFERENCES: Readonly<Record<string, EntityType>> = { ownerId: 'contact', siteId: 'site' };

/**
 * Takes what is no id, of a field that refers to another entity, for an external id.
 *
 * @throws `BAD_USER_INPUT` where not exactly one active entity has it
 */
async function asIds(
  client: ClientBase,
  workspaceId: string,
  edits: readonly FieldEdit[],
): Promise<readonly FieldEdit[]> {
  const read = [...edits];
  for (const [field, referenced] of Object.entries(REFERENCES)) {
    const isExternal = (edit: FieldEdit) =>
      edit.field === field && edit.value.trim() !== '' && !isUuid(edit.value.trim());
    const named = edits.filter(isExternal);
    if (named.length === 0) continue;
    const externalIds = named.map(({ value }) => value.trim());
    const { rows } = await client.query<{ externalId: string; ids: string[] }>(sql`
      SELECT external_id AS "externalId", array_agg(id) AS ids
      FROM ${raw(ENTITY_TABLES[referenced])}
      WHERE workspace_id = ${workspaceId} AND external_id = ANY(${externalIds}::text[])
        AND state = 'ACTIVE' GROUP BY external_id`);
    const idsOf = new Map(rows.map(({ externalId, ids }) => [externalId, ids]));
    for (const [index, edit] of edits.entries()) {
      if (!isExternal(edit)) continue;
      const [id, ...others] = idsOf.get(edit.value.trim()) ?? [];
      if (id !== undefined && others.length === 0) read[index] = { ...edit, value: id };
      else {
        const holders = id === undefined ? 'no' : others.length + 1;
        const message = `${field}: expected an id or external id; this workspace has ${holders} active ${referenced} with the external id "${edit.value.trim()}".`;
        throw refused(edit, message);
      }
    }
  }
  return read;
}

/** @throws `BAD_USER_INPUT` for the id of what the workspace does not have */
async function assertReferencesExist(
  client: ClientBase,
  workspaceId: string,
  read: readonly ReadEdit[],
): Promise<void> {
  for (const [field, referenced] of Object.entries(REFERENCES)) {
    const named = read.filter(({ edit, value }) => edit.field === field && value !== null);
    if (named.length === 0) continue;
    const ids = named.map(({ value }) => String(value));
    const { rows } = await client.query<{ id: string }>(sql`
      SELECT id FROM ${raw(ENTITY_TABLES[referenced])}
      WHERE workspace_id = ${workspaceId} AND id = ANY(${ids}::uuid[]) AND state = 'ACTIVE'`);
    const existing = new Set(rows.map(({ id }) => id));
    const missing = named.find(({ value }) => !existing.has(String(value).toLowerCase()));
    if (missing === undefined) continue;
    const message = `${field}: this workspace has no active ${referenced} ${missing.value}.`;
    throw refused(missing.edit, message);
  }
}

/** The entities of the edited records, as they are in production or as they would come to it. */
async function loadEntities<T extends EntityType>({
  client,
  batch,
  entityType,
  edits,
}: EditsOfType<T>): Promise<ReadonlyMap<number, FieldsByType[T]>> {
  const rowIndexes = [...new Set(edits.map(({ rowIndex }) => rowIndex))];
  if (profileByName(batch.profile).kind === 'import') {
    const { rows } = await client.query<{ rowIndex: number; rawData: Record<string, unknown> }>(sql`
      SELECT row_index AS "rowIndex", raw_data AS "rawData" FROM staged_record
      WHERE batch_id = ${batch.id} AND row_index = ANY(${rowIndexes}::int[])`);
    const range = { batchId: batch.id, workspaceId: batch.workspaceId };
    const { entities } = await loadMatchedEntities(client, entityType, range, rowIndexes);
    const formats = await readValueFormats(client, batch.id);
    return new Map(
      rows.map(({ rowIndex, rawData }) => {
        const row = toCanonicalRow(entityType, rawData, formats);
        return [rowIndex, asImported(entityType, row, entities.get(rowIndex)?.entity)];
      }),
    );
  }
  // A merged or archived entity is judged like any other: whether it may still be changed is for the
  // promotion to say.
  const { rows } = await client.query<{ rowIndex: number; entity: FieldsByType[T] }>(sql`
    SELECT r.row_index AS "rowIndex", ${raw(fieldsAsJson(entityType, 'e'))} AS entity
    FROM staged_record r
    JOIN ${raw(ENTITY_TABLES[entityType])} e
      ON e.id = r.entity_id AND e.workspace_id = ${batch.workspaceId}
    WHERE r.batch_id = ${batch.id} AND r.row_index = ANY(${rowIndexes}::int[])`);
  return new Map(rows.map(({ rowIndex, entity }) => [rowIndex, entity]));
}
