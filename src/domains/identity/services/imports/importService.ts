import type { Readable } from 'node:stream';
import { badUserInput } from '../../../../platform/errors.ts';
import { entityColumns } from '../../profiles/entityTables.ts';
import { UNREADABLE_ROW } from '../../profiles/loadImportedRange.ts';
import type { StagedRow } from '../../profiles/profile.ts';
import { PUBLIC_IMPORT_PROFILES, profileByName } from '../../profiles/registry.ts';
import type { EntityType } from '../../rules/entities.ts';
import type { IngestStagedBatch } from '../staging/ingestionService.ts';
import {
  applyMapping,
  type ColumnMapping,
  type MappingRequest,
  mapColumns,
} from './columnMapping.ts';
import { asExported } from './ownExports.ts';
import type { ImportLimits } from './reading/importLimits.ts';
import { openTable } from './reading/openTable.ts';
import type { TableFormat, TableRow } from './reading/table.ts';

export interface ImportFileInput extends MappingRequest {
  readonly workspaceId: string;
  /** Id of the user who imports. */
  readonly createdBy: string;
  /** `contactImport`, `siteImport` or `deviceImport`. */
  readonly profile: string;
  readonly title: string;
  readonly autoPromote: boolean;
  /** Read as a stream; see {@link openTable} for what it may be. */
  readonly file: Readable;
  readonly limits: ImportLimits;
}

export interface ImportedFile {
  readonly batchId: string;
  /** What the file was read as. */
  readonly format: TableFormat;
  readonly recordCount: number;
  /** Which column fills which field. */
  readonly mapping: Readonly<Record<string, string | null>>;
  /** Columns that fill no field; their cells are kept with the records. */
  readonly unmappedColumns: readonly string[];
}

/**
 * Stages the rows of a file as a batch.
 *
 * @throws `BAD_USER_INPUT` when the file, the profile or the mapping can't be used
 */
export async function importFile(
  ingestStagedBatch: IngestStagedBatch,
  input: ImportFileInput,
): Promise<ImportedFile> {
  const entityType = importedType(input.profile);
  const table = asExported(await openTable(input.file, {}, input.limits), entityType);
  const fields = [...entityColumns(entityType).map(({ field }) => field), 'id'];
  const mapping = mapColumns(table.columns, fields, input);
  const { batch, recordCount } = await ingestStagedBatch({
    workspaceId: input.workspaceId,
    createdBy: input.createdBy,
    title: input.title,
    sourceType: 'CSV_IMPORT',
    profile: input.profile,
    autoPromote: input.autoPromote,
    rows: toRows(table.rows, entityType, mapping),
  });
  return { batchId: batch.id, recordCount, format: table.format, ...describe(mapping) };
}

function importedType(name: string): EntityType {
  const profile = profileByName(name);
  if (profile.kind === 'import' && profile.public && profile.entityType !== null) {
    return profile.entityType;
  }
  throw badUserInput(
    'profile',
    `Profile ${name} takes no imports. Use one of ${PUBLIC_IMPORT_PROFILES.join(', ')}.`,
  );
}

async function* toRows(
  rows: AsyncIterable<TableRow>,
  entityType: EntityType,
  mapping: ColumnMapping,
): AsyncGenerator<StagedRow> {
  for await (const row of rows) yield { entityType, rawData: toRawData(row, mapping) };
}

function toRawData(row: TableRow, mapping: ColumnMapping): Record<string, unknown> {
  const { line } = row;
  if ('problem' in row) return { line, [UNREADABLE_ROW]: row.problem, raw: row.raw };
  const data = applyMapping(mapping, row.cells);
  if (row.extra === undefined) return { line, ...data };
  return { line, ...data, unmapped: { ...Object(data.unmapped), ...row.extra } };
}

function describe({
  columns,
  fields,
}: ColumnMapping): Pick<ImportedFile, 'mapping' | 'unmappedColumns'> {
  const pairs = columns.map((column, index) => [column, fields[index] ?? null] as const);
  return {
    mapping: Object.fromEntries(pairs.filter(([, field]) => field !== null)),
    unmappedColumns: pairs.filter(([, field]) => field === null).map(([column]) => column),
  };
}
