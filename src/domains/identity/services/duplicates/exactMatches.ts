import type { MatchKey } from '../../rules/rule.ts';
import { RowGroup } from './rowGroup.ts';

/** A match key that a row shares with others. */
export interface ExactMatch extends Omit<MatchKey, 'key'> {
  readonly group: RowGroup;
}

interface Shared extends Omit<MatchKey, 'key'> {
  readonly rows: number[];
}

/** Groups rows by their match keys: those that share one are the same, whatever else they have. */
export class ExactMatches {
  readonly #byKey = new Map<string, Shared>();
  readonly #byRow = new Map<number, Shared[]>();
  readonly #groups = new Map<Shared, RowGroup>();

  /** Takes the keys of a row, the one that says most first. */
  add(row: number, keys: readonly MatchKey[]): void {
    const shared = keys.map(({ key, field, label }) => {
      const same = this.#byKey.get(key) ?? { field, label, rows: [] };
      if (same.rows.length === 0) this.#byKey.set(key, same);
      same.rows.push(row);
      return same;
    });
    if (shared.length > 0) this.#byRow.set(row, shared);
  }

  /** The keys that a row shares with others, in the order in which they were given. */
  of(row: number): readonly ExactMatch[] {
    const shared = this.#byRow.get(row) ?? [];
    return shared
      .filter(({ rows }) => rows.length > 1)
      .map((same) => ({ field: same.field, label: same.label, group: this.#groupOf(same) }));
  }

  /** The rows that share a key with another. */
  rows(): readonly number[] {
    return [...this.#byRow.keys()].filter((row) => this.of(row).length > 0);
  }

  /** The groups of rows that share a key. */
  groups(): readonly RowGroup[] {
    return [...this.#byKey.values()]
      .filter(({ rows }) => rows.length > 1)
      .map((same) => this.#groupOf(same));
  }

  #groupOf(same: Shared): RowGroup {
    const group = this.#groups.get(same) ?? new RowGroup(same.rows);
    this.#groups.set(same, group);
    return group;
  }
}
