import type { EntityType } from '../../rules/entities.ts';

/** What is to be told of the duplicates of a record. */
export interface Duplicates {
  readonly entityType: EntityType;
  /** What it shares with others that are the same by it, such as `e-mail address`. */
  readonly labels: readonly string[];
  /** How many these are. */
  readonly exactCount: number;
  /** How many more there are that are probably the same. */
  readonly probableCount: number;
  /** The highest probability among these; null where it was not looked at. */
  readonly probability: number | null;
}

/** A finding's message: `Probably the same as another contact (98 %).` */
export function duplicateMessage(duplicates: Duplicates): string {
  const { entityType, labels, exactCount, probableCount, probability } = duplicates;
  const sentences: string[] = [];
  if (exactCount > 0) {
    sentences.push(`Same ${labels.join(' or ')} as ${others(entityType, exactCount)}.`);
  }
  if (probableCount > 0) {
    const upTo = probableCount > 1 ? 'up to ' : '';
    const sure = probability === null ? '' : ` (${upTo}${percent(probability)})`;
    sentences.push(`Probably the same as ${others(entityType, probableCount)}${sure}.`);
  }
  return sentences.join(' ');
}

function others(entityType: EntityType, count: number): string {
  return count === 1 ? `another ${entityType}` : `${count} other ${entityType}s`;
}

/** Rounded down: what is probable is never certain. */
function percent(probability: number): string {
  return `${Math.floor(probability * 100)} %`;
}
