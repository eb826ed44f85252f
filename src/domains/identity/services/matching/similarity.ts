/** Longer texts are compared by so many code units. */
const LONGEST = 64;

const matchedOne = new Uint8Array(LONGEST);
const matchedOther = new Uint8Array(LONGEST);
const rowBefore = new Uint16Array(LONGEST + 1);
const row = new Uint16Array(LONGEST + 1);
const rowAfter = new Uint16Array(LONGEST + 1);

/** A text within a pool of UTF-16 code units. */
export interface Slice {
  readonly units: Uint16Array;
  readonly start: number;
  readonly length: number;
}

/**
 * Jaro-Winkler similarity, from 0 to 1: Jaro (1989), doi:10.1080/01621459.1989.10478785, and
 * Winkler (1990), String Comparator Metrics, with a prefix of up to four and the scale 0.1.
 */
export function jaroWinkler(one: Slice, other: Slice): number {
  const [length, otherLength] = [Math.min(one.length, LONGEST), Math.min(other.length, LONGEST)];
  if (length === 0 || otherLength === 0) return 0;
  const reach = Math.max(0, (Math.max(length, otherLength) >> 1) - 1);
  matchedOne.fill(0, 0, length);
  matchedOther.fill(0, 0, otherLength);
  let matches = 0;
  for (let at = 0; at < length; at += 1) {
    const unit = one.units[one.start + at];
    const end = Math.min(otherLength - 1, at + reach);
    for (let otherAt = Math.max(0, at - reach); otherAt <= end; otherAt += 1) {
      if (matchedOther[otherAt] === 1 || other.units[other.start + otherAt] !== unit) continue;
      matchedOne[at] = 1;
      matchedOther[otherAt] = 1;
      matches += 1;
      break;
    }
  }
  if (matches === 0) return 0;
  const jaro =
    (matches / length + matches / otherLength + 1 - halfTranspositions(one, other) / 2 / matches) /
    3;
  return jaro + 0.1 * commonPrefix(one, other, 4) * (1 - jaro);
}

function halfTranspositions(one: Slice, other: Slice): number {
  let [otherAt, moved] = [0, 0];
  const length = Math.min(one.length, LONGEST);
  for (let at = 0; at < length; at += 1) {
    if (matchedOne[at] !== 1) continue;
    while (matchedOther[otherAt] !== 1) otherAt += 1;
    if (one.units[one.start + at] !== other.units[other.start + otherAt]) moved += 1;
    otherAt += 1;
  }
  return moved;
}

/** With how many code units both begin, up to `most`. */
export function commonPrefix(one: Slice, other: Slice, most: number): number {
  const end = Math.min(one.length, other.length, most);
  let at = 0;
  while (at < end && one.units[one.start + at] === other.units[other.start + at]) at += 1;
  return at;
}

/** Whether one insertion, deletion, substitution or swap of neighbours makes one the other. */
export function isOneEdit(one: Slice, other: Slice): boolean {
  const difference = one.length - other.length;
  if (difference > 1 || difference < -1) return false;
  const prefix = commonPrefix(one, other, LONGEST);
  let [end, otherEnd] = [one.length, other.length];
  while (
    end > prefix &&
    otherEnd > prefix &&
    one.units[one.start + end - 1] === other.units[other.start + otherEnd - 1]
  ) {
    end -= 1;
    otherEnd -= 1;
  }
  if (end - prefix <= 1 && otherEnd - prefix <= 1) return true;
  return (
    end - prefix === 2 &&
    otherEnd - prefix === 2 &&
    one.units[one.start + prefix] === other.units[other.start + prefix + 1] &&
    one.units[one.start + prefix + 1] === other.units[other.start + prefix]
  );
}

/**
 * Damerau's (1964) edit distance in the form of optimal string alignment: no part is edited twice.
 */
export function editDistance(one: Slice, other: Slice): number {
  const [length, otherLength] = [Math.min(one.length, LONGEST), Math.min(other.length, LONGEST)];
  let [before, last, now] = [rowBefore, row, rowAfter];
  for (let at = 0; at <= otherLength; at += 1) last[at] = at;
  for (let at = 1; at <= length; at += 1) {
    now[0] = at;
    const unit = one.units[one.start + at - 1];
    for (let to = 1; to <= otherLength; to += 1) {
      const otherUnit = other.units[other.start + to - 1];
      let edits = (last[to - 1] ?? 0) + (unit === otherUnit ? 0 : 1);
      edits = Math.min(edits, (last[to] ?? 0) + 1, (now[to - 1] ?? 0) + 1);
      if (
        at > 1 &&
        to > 1 &&
        unit === other.units[other.start + to - 2] &&
        one.units[one.start + at - 2] === otherUnit
      ) {
        edits = Math.min(edits, (before[to - 2] ?? 0) + 1);
      }
      now[to] = edits;
    }
    [before, last, now] = [last, now, before];
  }
  return last[otherLength] ?? 0;
}
