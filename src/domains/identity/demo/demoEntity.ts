import type { EntityType, FieldsByType } from '../rules/entities.ts';
import type { SeededRandom } from './seededRandom.ts';

/** An entity of the demo workspace before anything is wrong with it. */
export interface DemoEntity<T extends EntityType> {
  readonly entityType: T;
  /** UUID, the same in every run. */
  readonly id: string;
  readonly fields: FieldsByType[T] & { readonly externalId: string };
}

/** The moment from which the time stamps in the ids count, in ms since 1970. */
const FIRST_MOMENT = Date.UTC(2026, 0, 5);

/** A UUID of version 7 (RFC 9562); `sequence` is unique in the workspace and gives the order. */
export function createDemoId(random: SeededRandom, sequence: number): string {
  const time = (FIRST_MOMENT + sequence).toString(16).padStart(12, '0');
  const hex = (digits: number) =>
    Array.from({ length: digits }, () => random.between(0, 15).toString(16)).join('');
  const variant = random.pick(['8', '9', 'a', 'b']);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(3)}-${variant}${hex(3)}-${hex(12)}`;
}

/** `C-0007` for the seventh contact. */
export function createExternalId(letter: 'C' | 'S' | 'D', number: number): string {
  return `${letter}-${String(number).padStart(4, '0')}`;
}

/** A random day of the given years, both included, as YYYY-MM-DD; every month has it. */
export function randomDay(random: SeededRandom, firstYear: number, lastYear: number): string {
  const twoDigits = (number: number) => String(number).padStart(2, '0');
  const year = random.between(firstYear, lastYear);
  return `${year}-${twoDigits(random.between(1, 12))}-${twoDigits(random.between(1, 28))}`;
}
