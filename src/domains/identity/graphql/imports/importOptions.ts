import { type ImportOptions, toImportOptions } from '../../services/imports/importOptions.ts';
import type { TableFormat } from '../../services/imports/reading/table.ts';
import { builder } from '../builder.ts';
import { StagedBatch } from '../staging/stagedBatch.ts';

export const DateOrderEnum = builder.enumType('DateOrder', {
  description: 'In which order a date of three numbers has day, month and year.',
  values: {
    DMY: { description: 'The day first, such as 31.12.2026.' },
    MDY: { description: 'The month first, such as 12/31/2026.' },
    YMD: { description: 'The year first, such as 2026-12-31.' },
  } as const,
});

const ImportFormatType = builder.objectRef<TableFormat>('ImportFormat').implement({
  description: 'What a file was read as.',
  fields: (t) => ({
    kind: t.exposeString('kind', { description: 'CSV or NDJSON.' }),
    compression: t.exposeString('compression', {
      nullable: true,
      description: 'GZIP; null where it was not compressed.',
    }),
    encoding: t.exposeString('encoding', {
      description: 'UTF-8, UTF-16LE, UTF-16BE or WINDOWS-1252.',
    }),
    delimiter: t.exposeString('delimiter', {
      nullable: true,
      description: 'What parts its cells; null for NDJSON.',
    }),
  }),
});

export const ImportColumnType = builder
  .objectRef<ImportOptions['columns'][number]>('ImportColumn')
  .implement({
    description: 'A column of a file.',
    fields: (t) => ({
      column: t.exposeString('column', { description: 'Its name.' }),
      field: t.exposeString('field', {
        nullable: true,
        description:
          'The field that it fills; null where its cells are kept with the records alone.',
      }),
    }),
  });

const ImportOptionsType = builder.objectRef<ImportOptions>('ImportOptions').implement({
  description: 'How the rows of an import were read.',
  fields: (t) => ({
    fileName: t.exposeString('fileName', {
      nullable: true,
      description: 'The name of the file, where it was given.',
    }),
    format: t.expose('format', {
      type: ImportFormatType,
      nullable: true,
      description: 'What the file was read as; null for rows that came in no file.',
    }),
    columns: t.expose('columns', {
      type: [ImportColumnType],
      description: 'The columns, in the order of the file.',
    }),
    constants: t.expose('constants', {
      type: 'JSON',
      description: 'Values that every row gets, by field.',
    }),
    dateOrder: t.expose('dateOrder', {
      type: DateOrderEnum,
      description: 'How dates of three numbers are read.',
    }),
    decimalSeparator: t.exposeString('decimalSeparator', {
      description: 'What decimal numbers have: a point or a comma.',
    }),
    blankErases: t.exposeBoolean('blankErases', {
      description: 'Whether blank cells erase what a matched entity has.',
    }),
  }),
});

builder.objectField(StagedBatch, 'importOptions', (t) =>
  t.field({
    type: ImportOptionsType,
    nullable: true,
    description:
      'How the rows were read; null for what is no import of a file, and until all rows are there.',
    resolve: ({ importOptions }) => toImportOptions(importOptions),
  }),
);
