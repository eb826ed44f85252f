import { createWriteStream } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import type { Blocking } from '../src/domains/identity/services/matching/blocking/blocking.ts';
import type { Column, RecordStore } from '../src/domains/identity/services/matching/recordStore.ts';
import {
  bitsAgainst,
  LEVELS,
  type Scorer,
} from '../src/domains/identity/services/matching/scoring/scorer.ts';
import { seconds } from './measure.ts';

const COLUMNS: Readonly<Record<string, Column>> = {
  given: 'given',
  family: 'family',
  birth: 'birth',
  phone: 'phone',
  email: 'email',
  local_part: 'localPart',
  postal: 'postal',
  locality: 'locality',
  region: 'region',
  number: 'number',
  street: 'street',
  second_line: 'secondLine',
  name: 'name',
};

/** Fields by their names in the SQL. */
const FIELDS: Readonly<Record<string, string>> = {
  given: 'given name',
  family: 'family name',
  birth: 'birth date',
  phone: 'phone',
  email: 'email',
  place: 'place',
  street: 'street',
  elsewhere: 'street elsewhere',
  second_line: 'second address line',
  organisation: 'organisation',
};

/** Where the rarity of values comes from: the field and the level that they agree at. */
const RARITIES: Readonly<Record<string, readonly [field: string, level: number]>> = {
  r_given: ['given name', 1],
  r_family: ['family name', 1],
  r_birth: ['birth date', 1],
  r_phone: ['phone', 1],
  r_email: ['email', 1],
  r_postal: ['place', 1],
  r_locality: ['place', 3],
  r_second_line: ['second address line', 1],
  r_name: ['organisation', 1],
};

interface Prepared {
  readonly store: RecordStore;
  readonly rows: Int32Array;
  readonly blocking: Blocking;
  readonly scorer: Scorer;
}

/**
 * Matches the same people in DuckDB, which gets the normalised values, the blocking keys, and the
 * weights.
 *
 * @returns how long it took, without the loading, and how many matches it found
 */
export async function duplicatesFloor(
  prepared: Prepared,
  least: number,
): Promise<{ readonly seconds: number; readonly matches: number }> {
  const file = join(tmpdir(), `identity-bench-duplicates-${process.pid}.csv`);
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  const connection = await instance.connect();
  try {
    await pipeline(Readable.from(csvLines(prepared)), createWriteStream(file));
    await connection.run(`CREATE TABLE record (${columnTypes(prepared.blocking)})`);
    await connection.run(`COPY record FROM '${file}' (HEADER false, DELIMITER '\t', NULLSTR '')`);
    for (const macro of macros(prepared.scorer)) await connection.run(macro);
    const template = await readFile(join(import.meta.dirname, 'floors/duplicates.sql'), 'utf8');
    const { model } = prepared.scorer;
    const statement = template
      .replace(':candidates', candidates(prepared.blocking))
      .replace(':priorUnrelated', `${prepared.scorer.prior}::DOUBLE`)
      .replace(':priorRelated', `${Math.log2(model.sameShare / model.relatedShare)}::DOUBLE`)
      .replaceAll(':least', String(least));
    const taken = await seconds(() => connection.run(statement));
    const reader = await connection.runAndReadAll('SELECT count(*)::int FROM match');
    return { seconds: taken, matches: Number(reader.getRows()[0]?.[0]) };
  } finally {
    connection.closeSync();
    instance.closeSync();
    await rm(file, { force: true });
  }
}

function columnTypes({ rules }: Blocking): string {
  return [
    'id INTEGER',
    ...Object.keys(COLUMNS).map((name) => `${name} VARCHAR`),
    ...Object.keys(RARITIES).map((name) => `${name} FLOAT`),
    ...rules.map((_, rule) => `k${rule} UINTEGER`),
  ].join(', ');
}

/** Texts are folded: they hold no tabs, quotes or line ends. */
function* csvLines({ store, rows, blocking, scorer }: Prepared): Generator<string> {
  const fieldOf = (name: string): number =>
    scorer.schema.fields.findIndex(({ field }) => field === name);
  const rarities = Object.values(RARITIES).map(
    ([field, level]) => [fieldOf(field), level] as const,
  );
  const columns = Object.values(COLUMNS);
  const width = blocking.rules.length;
  for (const row of rows) {
    const keys = blocking.keys.subarray(row * width, (row + 1) * width);
    yield `${[
      row,
      ...columns.map((column) => store.value(row, column) ?? ''),
      ...rarities.map(([field, level]) => scorer.rarityBits(field, level, row)),
      ...Array.from(keys, (key) => key || ''),
    ].join('\t')}\n`;
  }
}

/** Each pair is taken from the first key that it shares, as in ours. */
function candidates({ rules }: Blocking): string {
  return rules
    .map((_, rule) => {
      const met = Array.from({ length: rule }, (_, k) => `coalesce(a.k${k} = b.k${k}, false)`);
      const unmet = met.length === 0 ? '' : ` WHERE NOT (${met.join(' OR ')})`;
      return `SELECT a.id AS first, b.id AS second FROM record a JOIN record b
        ON a.k${rule} = b.k${rule} AND a.id < b.id${unmet}`;
    })
    .join(' UNION ALL ');
}

function macros({ model }: Scorer): readonly string[] {
  return (['unrelated', 'related'] as const).flatMap((against) => {
    const bits = bitsAgainst(model, against);
    return Object.entries(FIELDS).map(([name, field]) => {
      const at = model.fields.findIndex((candidate) => candidate.field === field);
      const cases = (model.fields[at]?.levels ?? []).map(
        (_, level) => `WHEN ${level + 1} THEN ${bits[at * LEVELS + level + 1]}::DOUBLE`,
      );
      return `CREATE MACRO ${name}_${against}(level) AS CASE level ${cases.join(' ')} ELSE 0.0::DOUBLE END`;
    });
  });
}
