import { entityColumns } from '../../profiles/entityTables.ts';
import { toCanonicalRow } from '../../profiles/formats/valueFormats.ts';
import { UnreadableValueError } from '../../profiles/parseFields.ts';
import { profileByName } from '../../profiles/registry.ts';
import { type RowReference, withReference } from '../../profiles/rowReference.ts';
import { REFERENCE_RULE_IDS } from '../../rules/referenceRules.ts';
import type { Finding, StagedRecord } from '../staging/stagedRecords.ts';
import { type FieldTexts, wantedValues } from './wantedValues.ts';

type Values = Readonly<Record<string, unknown>>;

/** What the promotion of a record would do to production. */
export interface StagedChange {
  readonly kind: 'CREATE' | 'UPDATE' | 'ARCHIVE' | 'NONE';
  /** The fields that would change, as they are now; null for a new entity, and for none. */
  readonly before: Values | null;
  readonly after: Values | null;
}

const NO_CHANGE: StagedChange = { kind: 'NONE', before: null, after: null };

/**
 * What the promotion of a record would do if it began now, and if the record were accepted where
 * records are.
 *
 * @param entity - the record's, as it is now; null where it has none
 * @param reference - what an imported row refers to, as of now; null where that is nothing
 */
export function stagedChange(
  record: StagedRecord,
  entity: Values | null,
  reference: FoundReference | null = null,
): StagedChange {
  if (record.status === 'INVALID' || record.matchKind === 'AMBIGUOUS') return NO_CHANGE;
  const { kind } = profileByName(record.profile);
  if (kind === 'archive') return archival(entity);
  const isNew = kind === 'import' && !record.isInProduction;
  const wanted = isNew ? wantedOfRow(record, reference) : acceptedValues(record.findings);
  const present = isNew && !record.isMatched ? null : entity;
  if (present === null) return isNew ? creation(record, wanted) : NO_CHANGE;
  return update(record, wanted, present);
}

function archival(entity: Values | null): StagedChange {
  if (entity?.state !== 'ACTIVE') return NO_CHANGE;
  return { kind: 'ARCHIVE', before: { state: 'ACTIVE' }, after: { state: 'ARCHIVED' } };
}

/** What an imported row refers to, where it is in production. */
type FoundReference = Pick<RowReference, 'field' | 'id'>;

function wantedOfRow(record: StagedRecord, reference: FoundReference | null): FieldTexts {
  const { entityType, findings, editedValues } = record;
  const accepted = acceptedValues(findings);
  const isRejected = findings.some(
    ({ ruleId, decision }) =>
      REFERENCE_RULE_IDS.includes(ruleId) && (decision === 'REJECTED' || decision === 'WAIVED'),
  );
  const found = reference && isRejected ? { ...reference, id: null } : reference;
  try {
    const canonical = toCanonicalRow(entityType, record.rawData, record.formats);
    const rawData = withReference(canonical, found ?? undefined);
    return wantedValues({ entityType, rawData, accepted, edited: editedValues ?? {} });
  } catch (error) {
    // Its promotion will say what is wrong with the value.
    if (error instanceof UnreadableValueError) return {};
    throw error;
  }
}

/** Of two values for a field an edited one counts, then that of the first rule. */
function acceptedValues(findings: readonly Finding[]): FieldTexts {
  const wanted = findings
    .filter(({ decision, applied, mergeId }) => decision === 'ACCEPTED' && !applied && !mergeId)
    .toSorted((a, b) => b.ordinal - a.ordinal);
  const ordered = [
    ...wanted.filter(({ editedValue }) => editedValue === null),
    ...wanted.filter(({ editedValue }) => editedValue !== null),
  ];
  return Object.fromEntries(
    ordered.flatMap(({ field, editedValue, suggestedValue }) => {
      const value = editedValue ?? suggestedValue;
      return value === null ? [] : [[field, value]];
    }),
  );
}

function creation(record: StagedRecord, wanted: FieldTexts): StagedChange {
  const given = fieldsOf(record, wanted).filter(({ text }) => text !== '');
  return { kind: 'CREATE', before: null, after: valuesOf(given.map(withValue)) };
}

function update(record: StagedRecord, wanted: FieldTexts, entity: Values): StagedChange {
  const fields = fieldsOf(record, wanted)
    .map((field) => ({ ...withValue(field), present: present(Reflect.get(entity, field.field)) }))
    .filter((field) => field.value !== field.present);
  if (fields.length === 0) return NO_CHANGE;
  return {
    kind: 'UPDATE',
    before: valuesOf(fields.map(({ field, present: value }) => ({ field, value }))),
    after: valuesOf(fields),
  };
}

interface FieldText {
  readonly field: string;
  readonly text: string;
  readonly isNumber: boolean;
}

function fieldsOf({ entityType }: StagedRecord, wanted: FieldTexts): FieldText[] {
  return entityColumns(entityType).flatMap(({ field, type }) => {
    const text = wanted[field];
    return text === undefined ? [] : [{ field, text, isNumber: type === 'double precision' }];
  });
}

function withValue({ field, text, isNumber }: FieldText) {
  if (text === '') return { field, value: null };
  return { field, value: isNumber ? Number(text) : text };
}

/** A field's value as history writes it: fields with a time of day there are none. */
function present(value: unknown): unknown {
  return value instanceof Date ? value.toISOString().slice(0, 10) : (value ?? null);
}

function valuesOf(fields: readonly { readonly field: string; readonly value: unknown }[]): Values {
  return Object.fromEntries(fields.map(({ field, value }) => [field, value]));
}
