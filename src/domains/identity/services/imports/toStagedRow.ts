import { entityColumns } from '../../profiles/entityTables.ts';
import { UNREADABLE_ROW } from '../../profiles/loadImportedRange.ts';
import { ERASED_FIELDS } from '../../profiles/parseFields.ts';
import type { StagedRow } from '../../profiles/profile.ts';
import type { EntityType } from '../../rules/entities.ts';
import { entityTypeNamed, unknownEntityType } from './entityTypeNamed.ts';
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
  if (named !== null) {
    const erased = plan.blankErases ? erasedFields(named, data, plan) : [];
    if (erased.length > 0) data[ERASED_FIELDS] = erased;
    return { entityType: named, rawData: { line, ...data } };
  }
  const problem = unknownEntityType(data.entityType);
  return { entityType, rawData: { line, [UNREADABLE_ROW]: problem, raw: row.cells.join(' | ') } };
}

/** An entity always has a kind or status, and a reference may be given in another column. */
const NEVER_ERASED = ['kind', 'status', 'ownerId', 'siteId'];

/** The fields that have a column, and no value in this row. */
function erasedFields(
  entityType: EntityType,
  data: Readonly<Record<string, unknown>>,
  { mapping }: ImportPlan,
): readonly string[] {
  return entityColumns(entityType)
    .map(({ field }) => field)
    .filter((field) => mapping.sources.has(field) && !NEVER_ERASED.includes(field))
    .filter((field) => String(data[field] ?? '').trim() === '');
}
