import type { Readable } from 'node:stream';
import type { Pool } from 'pg';
import { badUserInput } from '../../../../platform/errors.ts';
import type { Logger } from '../../../../platform/logger.ts';
import type { StagedRow } from '../../profiles/profile.ts';
import { readConfiguration } from '../configuration/configuration.ts';
import type { IngestStagedBatch } from '../staging/ingestionService.ts';
import { importedType } from './importedType.ts';
import { type IngestedRows, type IngestRowsInput, ingestRows } from './ingestRows.ts';
import { asExported } from './ownExports.ts';
import {
  type AskedReading,
  type DescribedPlan,
  describePlan,
  type ImportPlan,
  planImport,
  toOptions,
  toSavedReading,
} from './planImport.ts';
import { type PreviewedRows, previewRows } from './previewRows.ts';
import type { ImportLimits } from './reading/importLimits.ts';
import { openTable } from './reading/openTable.ts';
import type { AskedFormat, Table, TableRow } from './reading/table.ts';
import { readSavedMapping, saveMapping } from './savedMappings.ts';
import { toStagedRow } from './toStagedRow.ts';

export interface ImportFileInput {
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
  readonly asked: AskedReading;
  /** The name of the saved mapping to read the file by. */
  readonly mapping: string | null;
  /** The name to save the mapping under; null not to save it. */
  readonly saveMapping: string | null;
}

export interface ImportedFile extends DescribedPlan {
  readonly batchId: string;
  readonly recordCount: number;
}

export interface PreviewedFile extends DescribedPlan, PreviewedRows {
  readonly dryRun: true;
}

interface Dependencies {
  readonly pool: Pool;
  readonly ingestStagedBatch: IngestStagedBatch;
  readonly logger: Logger;
}

export interface ImportService {
  /**
   * Stages the rows of a file as a batch.
   *
   * @throws `BAD_USER_INPUT` when the file, the profile or the mapping can't be used, and as
   *   `ingestStagedBatch`
   */
  importFile(input: ImportFileInput): Promise<ImportedFile>;
  /**
   * Says how a file would be read, and what its first rows would become, and writes nothing. No more
   * of the file is read than is needed for that.
   *
   * @throws as {@link ImportService.importFile}
   */
  previewFile(input: ImportFileInput): Promise<PreviewedFile>;
  /** See {@link ingestRows}. */
  ingestRows(input: IngestRowsInput): Promise<IngestedRows>;
}

export function createImportService(dependencies: Dependencies): ImportService {
  return {
    importFile: (input) => importFile(dependencies, input),
    previewFile: (input) => previewFile(dependencies, input),
    ingestRows: (input) => ingestRows(dependencies, input),
  };
}

async function importFile(
  { pool, ingestStagedBatch }: Dependencies,
  input: ImportFileInput,
): Promise<ImportedFile> {
  const { workspaceId, createdBy, title, profile, autoPromote, asked } = input;
  const { table, plan, askedFormat } = await openPlanned(pool, input);
  const { batch, recordCount } = await ingestStagedBatch({
    ...{ workspaceId, createdBy, title, profile, autoPromote, sourceType: 'CSV_IMPORT' },
    rows: toRows(table.rows, plan),
    importOptions: () => toOptions(plan, table, asked),
  });
  if (input.saveMapping !== null) {
    const key = { workspaceId, profile, name: input.saveMapping };
    await saveMapping(pool, key, toSavedReading(plan, askedFormat), createdBy);
  }
  return { batchId: batch.id, recordCount, ...describePlan(plan, table) };
}

async function previewFile(
  { pool, logger }: Dependencies,
  input: ImportFileInput,
): Promise<PreviewedFile> {
  if (input.saveMapping !== null) {
    throw badUserInput('saveMapping', 'A dry run writes nothing, so it saves no mapping either.');
  }
  const { workspaceId, createdBy, title, profile, asked } = input;
  const { table, plan } = await openPlanned(pool, input);
  if (table.sample.length === 0) throw noRows();
  const rows = await previewRows(pool, logger, {
    ...{ workspaceId, createdBy, title, profile, sourceType: 'CSV_IMPORT', autoPromote: false },
    rows: table.sample.map((row) => toStagedRow(row, plan)),
    importOptions: () => toOptions(plan, table, asked),
  });
  return { dryRun: true, ...describePlan(plan, table), ...rows };
}

interface PlannedTable {
  readonly table: Table;
  readonly plan: ImportPlan;
  /** As asked for, now or when the mapping was saved. */
  readonly askedFormat: AskedFormat;
}

async function openPlanned(pool: Pool, input: ImportFileInput): Promise<PlannedTable> {
  const { workspaceId, profile, asked, mapping } = input;
  const entityType = importedType(profile);
  const saved =
    mapping === null ? null : await readSavedMapping(pool, { workspaceId, profile, name: mapping });
  const encoding = asked.format.encoding ?? saved?.encoding;
  const delimiter = asked.format.delimiter ?? saved?.delimiter;
  const askedFormat = { ...(encoding && { encoding }), ...(delimiter && { delimiter }) };
  const { defaultCountry } = await readConfiguration(pool, workspaceId);
  const table = asExported(await openTable(input.file, askedFormat, input.limits), entityType);
  const plan = planImport({ table, entityType, asked, saved, country: defaultCountry });
  return { table, plan, askedFormat };
}

async function* toRows(rows: AsyncIterable<TableRow>, plan: ImportPlan): AsyncGenerator<StagedRow> {
  let isEmpty = true;
  for await (const row of rows) {
    isEmpty = false;
    yield toStagedRow(row, plan);
  }
  if (isEmpty) throw noRows();
}

function noRows(): Error {
  return badUserInput('file', 'The file has a header, but no rows.');
}
