import type { RecordStore } from '../recordStore.ts';
import { type Compare, MISSING } from './comparator.ts';

/** Levels of two birth dates. */
export const BIRTH_LEVEL = { exact: 1, near: 2, partly: 3, sameYear: 4, different: 5 } as const;

/** Compares birth dates as numbers YYYYMMDD. */
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
  if (year === otherYear && month === otherDay && day === otherMonth) return BIRTH_LEVEL.near;
  const slips = slipsBetween(one, other);
  if (slips === 1) return BIRTH_LEVEL.near;
  const equalParts =
    Number(year === otherYear) + Number(month === otherMonth) + Number(day === otherDay);
  if (equalParts === 2 || slips === 2) return BIRTH_LEVEL.partly;
  return year === otherYear ? BIRTH_LEVEL.sameYear : BIRTH_LEVEL.different;
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
