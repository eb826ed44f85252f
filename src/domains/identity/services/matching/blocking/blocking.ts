import { POPULATIONS, type Population, type RecordStore } from '../recordStore.ts';
import { SCHEMAS } from '../schema/schemas.ts';
import { groupRows, type RuleBlocks } from './blocks.ts';

/** Up to so many records, coarse keys make few enough pairs. */
const SMALL_POPULATION = 20_000;

/** The records of a population by all blocking rules. */
export interface Blocking {
  readonly rules: readonly RuleBlocks[];
  /** Row by row, the keys of its blocks by rule, side by side, since they are read together. */
  readonly keys: Uint32Array;
}

/** The rows of a population. */
export function rowsOf(store: RecordStore, population: Population): Int32Array {
  const number = POPULATIONS.indexOf(population) + 1;
  const populations = store.column('population').subarray(0, store.size);
  const rows = new Int32Array(populations.length);
  let count = 0;
  for (let row = 0; row < populations.length; row += 1) {
    if (populations[row] !== number) continue;
    rows[count] = row;
    count += 1;
  }
  return rows.slice(0, count);
}

/** Groups the rows of a population by each of its rules. */
export function blockRows(store: RecordStore, population: Population, rows: Int32Array): Blocking {
  const blockingRules = SCHEMAS[population].blockingRules(store, rows.length <= SMALL_POPULATION);
  const keys = new Uint32Array(store.size * blockingRules.length);
  const keyOf = new Uint32Array(store.size);
  const rules = blockingRules.map((rule, at) => {
    const blocks = groupRows(rule, rows, keyOf);
    for (const row of rows) keys[row * blockingRules.length + at] = keyOf[row] ?? 0;
    return blocks;
  });
  return { rules, keys };
}
