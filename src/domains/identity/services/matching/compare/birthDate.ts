import type { RecordStore } from '../recordStore.ts';
import { type Compare, MISSING } from './comparator.ts';

/** Levels of two birth dates. */
export const BIRTH_LEVEL = { exact: 1, near: 2, partly: 3, sameYear: 4, different: 5 } as const;

/** Days that stand for one that is not known: of Unix time, and of typing ones only. */
const PLACEHOLDERS: ReadonlySet<number> = new Set([19_700_101, 19_111_111]);

/** Days before are the beginnings of calendars, which systems write for none. */
const FIRST_PLAUSIBLE = 19_040_102;
const LAST_PLAUSIBLE = 20_991_231;

/**
 * Compares birth dates as numbers YYYYMMDD. What no mistyping explains speaks for two people, as
 * father and son of one name, where both are days on which somebody may be born; a date that can't
 * be right tells nothing of who has another one.
 */
export function compareBirthDates(store: RecordStore, field: number): Compare {
  const birth = store.column('birth');
  const table = store.table('birth');
  const dates = Int32Array.from({ length: table.size }, (_, id) => Number(table.text(id)));
  return (one, other, levels) => {
    levels[field] = birthLevel(dates[birth[one] ?? 0] ?? 0, dates[birth[other] ?? 0] ?? 0);
  };
}

function birthLevel(one: number, other: number): number {
  if (one === 0 || other === 0) return MISSING;
  if (one === other) return BIRTH_LEVEL.exact;
  const [year, otherYear] = [Math.trunc(one / 10_000), Math.trunc(other / 10_000)];
  const [month, otherMonth] = [Math.trunc(one / 100) % 100, Math.trunc(other / 100) % 100];
  const [day, otherDay] = [one % 100, other % 100];
  const slips = slipsBetween(one, other);
  const slipsIfSwapped = slipsBetween(one, otherYear * 10_000 + otherDay * 100 + otherMonth);
  if (slips === 1 || slipsIfSwapped === 0) return BIRTH_LEVEL.near;
  const equalParts =
    Number(year === otherYear) + Number(month === otherMonth) + Number(day === otherDay);
  if (equalParts === 2 || slips === 2 || slipsIfSwapped === 1) return BIRTH_LEVEL.partly;
  if (!isPlausible(one) || !isPlausible(other)) return MISSING;
  return year === otherYear ? BIRTH_LEVEL.sameYear : BIRTH_LEVEL.different;
}

function isPlausible(date: number): boolean {
  const [month, day] = [Math.trunc(date / 100) % 100, date % 100];
  const isInTime = date >= FIRST_PLAUSIBLE && date <= LAST_PLAUSIBLE;
  return isInTime && month >= 1 && month <= 12 && day >= 1 && day <= 31 && !PLACEHOLDERS.has(date);
}

/** How many digits of eight are replaced, or swapped with their neighbours. */
function slipsBetween(one: number, other: number): number {
  let [left, right, slips] = [one, other, 0];
  while (left > 0 || right > 0) {
    const [digit, otherDigit] = [left % 10, right % 10];
    left = (left - digit) / 10;
    right = (right - otherDigit) / 10;
    if (digit === otherDigit) continue;
    slips += 1;
    if (digit === right % 10 && otherDigit === left % 10) {
      left = (left - otherDigit) / 10;
      right = (right - digit) / 10;
    }
  }
  return slips;
}
