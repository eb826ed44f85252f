import {
  createSeededRandom,
  type SeededRandom,
} from '../../../../../src/domains/identity/demo/seededRandom.ts';
import type { MatchedFields } from '../../../../../src/domains/identity/services/matching/recordStore.ts';
import { corruptText, distort, skewed, wordList } from './corruption.ts';

/** A record with the entity that it is about. */
export interface LabelledRecord {
  readonly entity: number;
  readonly fields: MatchedFields;
}

export interface PeopleOptions {
  readonly seed: number;
  readonly originals: number;
  readonly duplicates: number;
  readonly mostPerOriginal: number;
  readonly mostChanges: number;
}

/**
 * People in the manner of FEBRL's data generator (Christen 2005, Probabilistic Data Generation for
 * Deduplication and Data Linkage, doi:10.1007/11508069_15): names and streets by skewed
 * frequencies, blanks, and duplicates with several typos, swapped fields and lost values each.
 */
export function febrlLikePeople(options: PeopleOptions): readonly LabelledRecord[] {
  const random = createSeededRandom(options.seed);
  const words = {
    given: wordList(random, 400),
    family: wordList(random, 1_500),
    streets: wordList(random, 900),
    suburbs: wordList(random, 500),
  };
  const originals = Array.from({ length: options.originals }, () => person(random, words));
  const records = originals.map((fields, entity) => ({ entity, fields }));
  const copies = new Map<number, number>();
  while (records.length < options.originals + options.duplicates) {
    const entity = random.between(0, options.originals - 1);
    const before = copies.get(entity) ?? 0;
    // Few originals have many duplicates.
    if (before >= options.mostPerOriginal || (before > 0 && random.chance(0.3))) continue;
    copies.set(entity, before + 1);
    const changes = random.between(1, options.mostChanges);
    records.push({ entity, fields: changed(random, originals[entity] ?? {}, changes) });
  }
  return records;
}

type Words = Readonly<Record<'given' | 'family' | 'streets' | 'suburbs', readonly string[]>>;

function person(random: SeededRandom, words: Words): MatchedFields {
  const suburb = skewed(random, words.suburbs);
  const kind = random.pick(['street', 'place', 'crescent', 'avenue', 'close', 'road', 'circuit']);
  const state = random.pick(['nsw', 'nsw', 'vic', 'vic', 'qld', 'qld', 'wa', 'sa', 'tas']);
  const year = random.between(1900, 1999);
  const [month, day] = [random.between(1, 12), random.between(1, 28)];
  const sometimes = (share: number, text: string): string | null =>
    random.chance(share) ? text : null;
  return {
    givenName: sometimes(0.97, skewed(random, words.given)),
    familyName: sometimes(0.98, skewed(random, words.family)),
    streetNumber: sometimes(0.96, String(random.between(1, random.chance(0.8) ? 99 : 999))),
    addressLine1: sometimes(0.98, `${skewed(random, words.streets)} ${kind}`),
    addressLine2: sometimes(0.6, skewed(random, words.streets)),
    locality: sometimes(0.99, suburb),
    postalCode: String(2_000 + ((words.suburbs.indexOf(suburb) * 7) % 4_000)),
    region: sometimes(0.96, state),
    birthDate: sometimes(
      0.92,
      `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`,
    ),
  };
}

const FIELDS = [
  'givenName',
  'familyName',
  'streetNumber',
  'addressLine1',
  'addressLine2',
  'locality',
  'postalCode',
  'region',
  'birthDate',
] as const;

function changed(random: SeededRandom, original: MatchedFields, changes: number): MatchedFields {
  const fields: Partial<Record<(typeof FIELDS)[number], string | null>> = {};
  for (const field of FIELDS) fields[field] = original[field] ?? null;
  for (let change = 0; change < changes; change += 1) {
    const field = random.pick(FIELDS);
    const value = fields[field];
    if (value === null || value === undefined) continue;
    if (random.chance(0.1)) fields[field] = null;
    else if (random.chance(0.07)) swapFields(random, fields);
    else if (field === 'birthDate') fields[field] = distort(random, value, /\d/);
    else if (/^\d+$/.test(value)) fields[field] = distort(random, value, /\d/);
    else fields[field] = corruptText(random, value);
  }
  return fields;
}

function swapFields(
  random: SeededRandom,
  fields: Partial<Record<(typeof FIELDS)[number], string | null>>,
): void {
  const [one, other] = random.pick([
    ['givenName', 'familyName'],
    ['addressLine1', 'addressLine2'],
    ['locality', 'addressLine2'],
  ] as const);
  [fields[one], fields[other]] = [fields[other] ?? null, fields[one] ?? null];
}
