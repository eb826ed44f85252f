import { UNREADABLE_ROW } from '../../profiles/loadImportedRange.ts';
import { ERASED_FIELDS } from '../../profiles/parseFields.ts';
import type { StagedRow } from '../../profiles/profile.ts';
import { entityTypeNamed, unknownEntityType } from './entityTypeNamed.ts';
import { erasedFields } from './erasedFields.ts';
import { applyMapping } from './mapping/columnMapping.ts';
import type { ImportPlan } from './planImport.ts';
import type { TableRow } from './reading/table.ts';

/** A row of a file as it is staged, and kept. */
export function toStagedRow(row: TableRow, plan: ImportPlan): StagedRow {
  const { entityType, mapping } = plan;
  const { line } = row;
  if ('problem' in row) {
    return { entityType, rawData: { line, [UNREADABLE_ROW]: row.problem, raw: row.raw } };
  }
  const data = applyMapping(mapping, row.cells);
  if (row.extra !== undefined) data.unmapped = { ...Object(data.unmapped), ...row.extra };
  const named = typeof data.entityType === 'string' ? entityTypeNamed(data.entityType) : entityType;
  const problem = named === null ? unknownEntityType(data.entityType) : problemOf(line, data, plan);
  if (named === null || problem !== null) {
    // Its cells stay where they are, to be corrected there.
    return {
      entityType: named ?? entityType,
      rawData: { line, ...data, [UNREADABLE_ROW]: problem },
    };
  }
  if (plan.blankErases) {
    const erased = erasedFields(named, data, (field) => mapping.sources.has(field));
    if (erased.length > 0) data[ERASED_FIELDS] = erased;
  }
  return { entityType: named, rawData: { line, ...data } };
}

/** Spreadsheets write lines of nothing but delimiters; as rows they would become empty entities. */
function problemOf(
  line: number,
  data: Readonly<Record<string, unknown>>,
  { mapping }: ImportPlan,
): string | null {
  for (const field of mapping.sources.keys()) {
    if (field !== 'entityType' && String(data[field] ?? '').trim() !== '') return null;
  }
  return `Line ${line} has nothing in the columns that fill a field.`;
}
