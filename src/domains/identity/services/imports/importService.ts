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
import { type CsvRecord, readCsvRecords } from './csvRecords.ts';

export interface ImportCsvInput extends MappingRequest {
  readonly workspaceId: string;
  /** Id of the user who imports. */
  readonly createdBy: string;
  /** `contactImport`, `siteImport` or `deviceImport`. */
  readonly profile: string;
  readonly title: string;
  readonly autoPromote: boolean;
  /** The text of the file, UTF-8; read as a stream. */
  readonly file: Readable;
}

export interface ImportedCsv {
  readonly batchId: string;
  readonly recordCount: number;
  /** Which column fills which field. */
  readonly mapping: Readonly<Record<string, string | null>>;
  /** Columns that fill no field; their cells are kept with the records. */
  readonly unmappedColumns: readonly string[];
}

/**
 * Stages the rows of a CSV file as a batch.
 *
 * @throws `BAD_USER_INPUT` when the file, the profile or the mapping can't be used
 */
export async function importCsv(
  ingestStagedBatch: IngestStagedBatch,
  input: ImportCsvInput,
): Promise<ImportedCsv> {
  const entityType = importedType(input.profile);
  const records = readCsvRecords(input.file);
  const header = await records.next();
  if (header.done) throw badUserInput('file', 'The file is empty.');
  const fields = entityColumns(entityType).map(({ field }) => field);
  const mapping = mapColumns(header.value.cells, fields, input);
  const { batch, recordCount } = await ingestStagedBatch({
    workspaceId: input.workspaceId,
    createdBy: input.createdBy,
    title: input.title,
    sourceType: 'CSV_IMPORT',
    profile: input.profile,
    autoPromote: input.autoPromote,
    rows: toRows(records, entityType, mapping),
  });
  return { batchId: batch.id, recordCount, ...describe(mapping) };
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
  records: AsyncIterable<CsvRecord>,
  entityType: EntityType,
  mapping: ColumnMapping,
): AsyncGenerator<StagedRow> {
  for await (const record of records) {
    yield { entityType, rawData: toRawData(record, mapping) };
  }
}

function toRawData({ line, cells }: CsvRecord, mapping: ColumnMapping): Record<string, unknown> {
  if (cells.length <= mapping.columns.length) return applyMapping(mapping, cells);
  const problem = `Line ${line} has ${cells.length} cells, but the header has ${mapping.columns.length}.`;
  return { [UNREADABLE_ROW]: problem, cells };
}

function describe({
  columns,
  fields,
}: ColumnMapping): Pick<ImportedCsv, 'mapping' | 'unmappedColumns'> {
  const pairs = columns.map((column, index) => [column, fields[index] ?? null] as const);
  return {
    mapping: Object.fromEntries(pairs.filter(([, field]) => field !== null)),
    unmappedColumns: pairs.filter(([, field]) => field === null).map(([column]) => column),
  };
}
