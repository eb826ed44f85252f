import { z } from 'zod';
import { DATE_ORDERS } from '../../profiles/formats/dates.ts';
import { DECIMAL_SEPARATORS } from '../../profiles/formats/valueFormats.ts';
import { DELIMITERS, ENCODINGS } from './reading/table.ts';

const askedColumns = z.array(z.object({ column: z.string(), field: z.string().nullable() }));

const importOptionsSchema = z.object({
  fileName: z.string().nullable(),
  /** What the file was read as; null for rows that came in no file. */
  format: z
    .object({
      kind: z.enum(['CSV', 'NDJSON']),
      compression: z.enum(['GZIP']).nullable(),
      encoding: z.enum(ENCODINGS),
      delimiter: z.enum(DELIMITERS).nullable(),
    })
    .nullable(),
  /** In the order of the file; the field is null where the column fills none. */
  columns: askedColumns,
  /** Values that every row gets, by field. */
  constants: z.record(z.string(), z.string()),
  dateOrder: z.enum(DATE_ORDERS),
  decimalSeparator: z.enum(DECIMAL_SEPARATORS),
  /** Whether blank cells of a mapped column erase what an entity has there. */
  blankErases: z.boolean(),
});

/** How the rows of an import are read; kept with its batch as `import_options`. */
export type ImportOptions = Readonly<z.infer<typeof importOptionsSchema>>;

/** @returns null for batches without them; throws for anything but import options */
export function toImportOptions(json: unknown): ImportOptions | null {
  return json === null ? null : importOptionsSchema.parse(json);
}

/** What is kept of how the files of a source are read. */
export const savedReadingSchema = z.object({
  columns: askedColumns,
  constants: z.record(z.string(), z.string()),
  dateOrder: z.enum(DATE_ORDERS).nullable(),
  decimalSeparator: z.enum(DECIMAL_SEPARATORS).nullable(),
  blankErases: z.boolean(),
  encoding: z.enum(ENCODINGS).nullable(),
  delimiter: z.enum(DELIMITERS).nullable(),
});

/** Null stands for what is decided anew for each file; columns are in the order they are joined in. */
export type SavedReading = Readonly<z.infer<typeof savedReadingSchema>>;
