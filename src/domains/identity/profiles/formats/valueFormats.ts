import type { ClientBase } from 'pg';
import sql from 'sql-template-tag';
import type { EntityType } from '../../rules/entities.ts';
import { unreadable } from '../parseFields.ts';
import { type DateOrder, EXPECTED_DATES, readDate } from './dates.ts';
import { enumerationValue } from './enumerations.ts';

export const DECIMAL_SEPARATORS = ['.', ','] as const;
export type DecimalSeparator = (typeof DECIMAL_SEPARATORS)[number];

/** How the rows of a batch write dates and numbers. */
export interface ValueFormats {
  readonly dateOrder: DateOrder;
  readonly decimalSeparator: DecimalSeparator;
}

type RawData = Readonly<Record<string, unknown>>;

/** The fields of rows that are written in many ways. */
export const FORMATTED_FIELDS: {
  readonly [T in EntityType]: {
    readonly dates: readonly string[];
    readonly numbers: readonly string[];
    readonly words: readonly string[];
  };
} = {
  contact: { dates: ['birthDate'], numbers: [], words: ['kind'] },
  site: { dates: [], numbers: ['latitude', 'longitude'], words: [] },
  device: { dates: ['installedOn', 'warrantyEndsOn'], numbers: [], words: ['status'] },
};

/**
 * The data of a row with its dates, numbers and words as `parseFields` takes them: dates as
 * YYYY-MM-DD, numbers with a decimal point, enumerations by their values. What people accept or edit
 * is written like this already.
 *
 * @param formats - null for rows that write dates and numbers like this too
 * @throws UnreadableValueError for a date or number that is written in another way
 */
export function toCanonicalRow(
  entityType: EntityType,
  raw: RawData,
  formats: ValueFormats | null,
): RawData {
  const { dates, numbers, words } = FORMATTED_FIELDS[entityType];
  const changed: Record<string, string> = {};
  for (const field of words) {
    const text = textOf(raw, field);
    const value = text === null ? undefined : enumerationValue(field, text);
    if (value !== undefined) changed[field] = value;
  }
  if (formats !== null) {
    for (const field of dates) {
      const text = textOf(raw, field);
      if (text === null) continue;
      const date = readDate(text, formats.dateOrder);
      if (date === null) throw unreadable(field, text, EXPECTED_DATES[formats.dateOrder]);
      changed[field] = date;
    }
    for (const field of numbers) {
      const text = textOf(raw, field);
      if (text !== null) changed[field] = withDecimalPoint(field, text, formats.decimalSeparator);
    }
  }
  return Object.keys(changed).length === 0 ? raw : { ...raw, ...changed };
}

function textOf(raw: RawData, field: string): string | null {
  const value = raw[field];
  if (typeof value !== 'string') return null;
  return value.trim() || null;
}

function withDecimalPoint(field: string, text: string, separator: DecimalSeparator): string {
  const other = separator === '.' ? ',' : '.';
  if (!text.includes(other)) return text.replace(separator, '.');
  throw unreadable(field, text, `degrees with a decimal ${SEPARATORS[separator]}`);
}

const SEPARATORS: Readonly<Record<DecimalSeparator, string>> = {
  '.': 'point, such as 47.3769',
  ',': 'comma, such as 47,3769',
};

/** How the rows of a batch are written; null where nothing was said of it. */
export async function readValueFormats(
  client: Pick<ClientBase, 'query'>,
  batchId: string,
): Promise<ValueFormats | null> {
  const { rows } = await client.query<ValueFormats>(sql`
    SELECT import_options->>'dateOrder' AS "dateOrder",
           import_options->>'decimalSeparator' AS "decimalSeparator"
    FROM staged_batch WHERE id = ${batchId} AND import_options IS NOT NULL`);
  return rows[0] ?? null;
}
