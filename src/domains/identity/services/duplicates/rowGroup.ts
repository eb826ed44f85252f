/** Rows that are taken for the same, for one reason. */
export class RowGroup {
  readonly rows: readonly number[];
  #members: ReadonlySet<number> | undefined;

  constructor(rows: readonly number[]) {
    this.rows = rows;
  }

  has(row: number): boolean {
    this.#members ??= new Set(this.rows);
    return this.#members.has(row);
  }
}

/** The others in the groups of a row. */
export interface OtherRows {
  /** How many there are. */
  readonly count: number;
  /** In ascending order, and not all of them where there are too many. */
  readonly rows: readonly number[];
}

const NONE: OtherRows = { count: 0, rows: [] };

/**
 * The others that share a group with a row, each once. Groups may have as many rows as the workspace
 * has entities, so only the smaller ones are gone through.
 *
 * @param apart - rows that are known not to be the same, whatever group they share
 * @param most - so many rows are named at the most
 */
export function othersOf(
  row: number,
  groups: readonly RowGroup[],
  apart: ReadonlySet<number>,
  most: number,
): OtherRows {
  const [largest, ...smaller] = groups.toSorted((a, b) => b.rows.length - a.rows.length);
  if (largest === undefined) return NONE;
  const rest = new Set(smaller.flatMap(({ rows }) => rows.filter((other) => !largest.has(other))));
  const excluded = [...apart].filter((other) => groups.some((group) => group.has(other)));
  const named: number[] = [];
  for (const rows of [rest, largest.rows]) {
    for (const other of rows) {
      if (named.length === most) break;
      if (other !== row && !apart.has(other)) named.push(other);
    }
  }
  return {
    count: largest.rows.length + rest.size - 1 - excluded.length,
    rows: named.sort((a, b) => a - b),
  };
}
