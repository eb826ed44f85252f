import { validate as isUuid } from 'uuid';
import { readCursor, writeCursor } from '../../../platform/graphql/keysetConnection.ts';
import { exportEntities } from '../services/exports/exportEntities.ts';
import { type ExportPage, MAX_EXPORTED_ROWS } from '../services/exports/exportPage.ts';
import { exportRejected } from '../services/exports/exportRejected.ts';
import { toImportOptions } from '../services/imports/importOptions.ts';
import { builder } from './builder.ts';
import { EntityTypeEnum } from './enums.ts';
import { StagedBatch } from './staging/stagedBatch.ts';
import { Workspace } from './workspace.ts';

const ExportFormatEnum = builder.enumType('ExportFormat', {
  description: 'How a file is written, in UTF-8.',
  values: {
    CSV: {
      description:
        'Lines of cells with commas, the first the header. A text that a spreadsheet would take for a formula has an apostrophe before it, which an import of the file takes away again.',
    },
    NDJSON: { description: 'Lines of JSON, each an object.' },
  } as const,
});

const ExportPageType = builder.objectRef<ExportPage<string | number>>('ExportPage').implement({
  description: 'A part of a file; the texts of all parts, one after another, are the file.',
  fields: (t) => ({
    text: t.exposeString('text', {
      description: 'Whole lines; the header of CSV is on the first page alone.',
    }),
    rowCount: t.exposeInt('rowCount', { description: 'How many rows it has.' }),
    endCursor: t.string({
      nullable: true,
      description: 'Pass it as `after` for the next page; none where there are no rows.',
      resolve: ({ end }) => (end === null ? null : writeCursor(String(end))),
    }),
    hasNextPage: t.exposeBoolean('hasNextPage', { description: 'Whether more rows follow.' }),
  }),
});

const DEFAULT_ROWS = 1_000;

builder.prismaObjectField(Workspace, 'export', (t) =>
  t.field({
    type: ExportPageType,
    description:
      'The active entities of a type as a file that imports back, oldest first. Each page says what is there when it is read: together they are no snapshot.',
    args: {
      entityType: t.arg({ type: EntityTypeEnum, required: true, description: 'The type.' }),
      format: t.arg({ type: ExportFormatEnum, required: true, description: 'How to write them.' }),
      after: t.arg.string({ description: 'The cursor after which to go on.' }),
      first: t.arg.int({
        required: true,
        defaultValue: DEFAULT_ROWS,
        description: `How many rows, ${MAX_EXPORTED_ROWS} at the most.`,
      }),
    },
    resolve: ({ id }, { entityType, format, after, first }, { runtime }) =>
      exportEntities(runtime.pool, {
        ...{ workspaceId: id, entityType, format, first },
        after: after == null ? null : readCursor('after', after, (it) => (isUuid(it) ? it : null)),
      }),
  }),
);

builder.objectField(StagedBatch, 'rejectedRows', (t) =>
  t.field({
    type: ExportPageType,
    description:
      'The rows of an import that can not be read, have failed, or were rejected, as a file to correct and to import again: the columns that they came with, then _raw (the text of a row that can not be read), _line and _reason.',
    args: {
      format: t.arg({ type: ExportFormatEnum, required: true, description: 'How to write them.' }),
      after: t.arg.string({ description: 'The cursor after which to go on.' }),
      first: t.arg.int({
        required: true,
        defaultValue: DEFAULT_ROWS,
        description: `How many rows, ${MAX_EXPORTED_ROWS} at the most.`,
      }),
    },
    resolve: ({ id, profile, importOptions }, { format, after, first }, { runtime }) =>
      exportRejected(runtime.pool, {
        ...{ batch: { id, profile, importOptions: toImportOptions(importOptions) }, format, first },
        after: after == null ? null : readCursor('after', after, toRowIndex),
      }),
  }),
);

function toRowIndex(text: string): number | null {
  return /^\d{1,9}$/.test(text) ? Number(text) : null;
}
