import { z } from 'zod';
import { monthOf } from './monthNames.ts';

/** In which order a date of three numbers has day, month and year. */
export const DATE_ORDERS = ['DMY', 'MDY', 'YMD'] as const;
export type DateOrder = (typeof DATE_ORDERS)[number];

/** What dates of an order look like, for people. */
export const EXPECTED_DATES: Readonly<Record<DateOrder, string>> = {
  DMY: 'a date as DD.MM.YYYY, DD/MM/YYYY, YYYY-MM-DD or YYYYMMDD',
  MDY: 'a date as MM/DD/YYYY, YYYY-MM-DD or YYYYMMDD',
  YMD: 'a date as YYYY-MM-DD, YYYY/MM/DD or YYYYMMDD',
};

const isoDate = z.iso.date();

/** @returns null for what is on no calendar; that of PostgreSQL has no year 0 */
function isoOf(year: string, month: string | number, day: string | number): string | null {
  const two = (part: string | number): string => `${part}`.padStart(2, '0');
  const date = `${year}-${two(month)}-${two(day)}`;
  return isoDate.safeParse(date).success && year !== '0000' ? date : null;
}

/** Exports of databases and of spreadsheets add the midnight at which a day begins. */
const MIDNIGHT = /[T ]+0?0:00(?::00(?:[.,]0+)?)?(?: ?(?:Z|[+-]00:?00))?$/;
const COMPACT = /^(\d{4})(\d\d)(\d\d)$/;
const YEAR_FIRST = /^(\d{4})([-./]) ?(\d\d?)\2 ?(\d\d?)$/;
const YEAR_LAST = /^(\d\d?)([-./ ]) ?(\d\d?)\2 ?(\d{4})$/;
const DAY_FIRST =
  /^(\d\d?)(?:st|nd|rd|th|er|\.|º)?[\s./-]*(?:de\s+)?(\p{L}+)\.?[\s./,-]*(?:de\s+)?(\d{4})$/u;
const MONTH_FIRST = /^(\p{L}+)\.?\s+(\d\d?)(?:st|nd|rd|th)?,?\s+(\d{4})$/u;

/**
 * Reads a date: as YYYY-MM-DD or another form with the year first, as YYYYMMDD, with the name of the
 * month, or as three numbers in the given order. Years have four digits, since two of them say little
 * of a birth date.
 *
 * @returns YYYY-MM-DD, or null for what is no such date
 */
export function readDate(text: string, order: DateOrder): string | null {
  const day = text.trim().replace(MIDNIGHT, '');
  const compact = COMPACT.exec(day);
  if (compact) return isoOf(compact[1] ?? '', compact[2] ?? '', compact[3] ?? '');
  const yearFirst = YEAR_FIRST.exec(day);
  if (yearFirst) return isoOf(yearFirst[1] ?? '', yearFirst[3] ?? '', yearFirst[4] ?? '');
  const yearLast = YEAR_LAST.exec(day);
  if (yearLast) {
    const [, first = '', , second = '', year = ''] = yearLast;
    if (order === 'DMY') return isoOf(year, second, first);
    return order === 'MDY' ? isoOf(year, first, second) : null;
  }
  return readNamedMonth(day);
}

function readNamedMonth(day: string): string | null {
  const dayFirst = DAY_FIRST.exec(day);
  const monthFirst = dayFirst ? null : MONTH_FIRST.exec(day);
  const [name, number, year] = dayFirst
    ? [dayFirst[2], dayFirst[1], dayFirst[3]]
    : [monthFirst?.[1], monthFirst?.[2], monthFirst?.[3]];
  const month = name === undefined ? undefined : monthOf(name);
  return month === undefined ? null : isoOf(year ?? '', month, number ?? '');
}

/**
 * What a value tells of the order of a file's dates: a number above 12 is no month, and dots are put
 * between day, month and year (`DOTS`).
 *
 * @returns null where it tells nothing
 */
export function tellingOrder(text: string): DateOrder | 'DOTS' | null {
  const day = text.trim().replace(MIDNIGHT, '');
  if (COMPACT.test(day) || YEAR_FIRST.test(day)) return readDate(day, 'YMD') ? 'YMD' : null;
  const parts = YEAR_LAST.exec(day);
  if (parts === null) return null;
  const isDayFirst = readDate(day, 'DMY') !== null;
  const isMonthFirst = readDate(day, 'MDY') !== null;
  if (isDayFirst && isMonthFirst) return parts[2] === '.' ? 'DOTS' : null;
  if (isDayFirst) return 'DMY';
  return isMonthFirst ? 'MDY' : null;
}
