import {
  createSeededRandom,
  type SeededRandom,
} from '../../../../../src/domains/identity/demo/seededRandom.ts';
import type { MatchedFields } from '../../../../../src/domains/identity/services/matching/recordStore.ts';
import { corruptText, skewed, wordList } from './corruption.ts';
import type { LabelledRecord } from './febrlLikePeople.ts';

const KINDS = ['cafe', 'grill', 'restaurant', 'bistro', 'deli', 'kitchen', 'house', 'bar', 'room'];
const CITIES = [
  'los angeles',
  'new york',
  'new york city',
  'atlanta',
  'san francisco',
  'las vegas',
];
const SUBURBS = ['west hollywood', 'studio city', 'brooklyn', 'queens', 'marietta', 'malibu'];
const STREETS = ['st.', 'ave.', 'blvd.', 'rd.', 'dr.', 'way', 'pl.'];
const LONG_STREETS: Readonly<Record<string, string>> = {
  'st.': 'street',
  'ave.': 'av.',
  'blvd.': 'blv.',
  'rd.': 'road',
  'dr.': 'drive',
  'pl.': 'place',
};

/**
 * Two guides to the restaurants of some cities, in one list: the same places under names with and
 * without suffix, streets shortened in their own ways, phones with other signs, and hotels and
 * chains that have several.
 */
export function restaurantLikeSites(
  seed: number,
  count: number,
  duplicates: number,
): readonly LabelledRecord[] {
  const random = createSeededRandom(seed);
  const names = wordList(random, 700);
  const streets = wordList(random, 250);
  const records: { entity: number; fields: MatchedFields }[] = [];
  for (let entity = 0; entity < count; entity += 1) {
    const before = records.at(-1)?.fields;
    const fields = restaurant(random, names, streets);
    if (before !== undefined && random.chance(0.04)) {
      Object.assign(fields, { addressLine1: before.addressLine1, locality: before.locality });
      if (random.chance(0.4)) Object.assign(fields, { phone: before.phone });
    } else if (before !== undefined && random.chance(0.03)) {
      Object.assign(fields, { name: before.name });
    }
    records.push({ entity, fields });
  }
  for (let entity = 0; entity < duplicates; entity += 1) {
    records.push({ entity, fields: rewritten(random, records[entity]?.fields ?? {}) });
  }
  return records;
}

function restaurant(
  random: SeededRandom,
  names: readonly string[],
  streets: readonly string[],
): MatchedFields {
  const words = [skewed(random, names)];
  if (random.chance(0.4)) words.push(skewed(random, names));
  if (random.chance(0.35)) words.splice(random.between(0, words.length), 0, random.pick(KINDS));
  const direction = random.chance(0.25) ? `${random.pick(['n.', 's.', 'e.', 'w.'])} ` : '';
  return {
    name: words.join(' '),
    addressLine1: `${random.between(1, 9_999)} ${direction}${skewed(random, streets)} ${random.pick(STREETS)}`,
    locality: random.chance(0.8) ? random.pick(CITIES) : random.pick(SUBURBS),
    phone: random.fill(
      `${random.pick(['310', '213', '212', '404', '415'])}/${random.between(200, 999)}-####`,
    ),
  };
}

function rewritten(random: SeededRandom, original: MatchedFields): MatchedFields {
  let name = original.name ?? '';
  const way = random.between(0, 9);
  if (way <= 2) name = `${name} ${random.pick([...KINDS, `(${original.locality})`, 'on main'])}`;
  else if (way === 3) name = name.split(' ').toReversed().join(' ');
  else if (way === 4) name = corruptText(random, name);
  else if (way === 5) name = `the ${name}`;
  const line = (original.addressLine1 ?? '')
    .replace(/\b(?:st|ave|blvd|rd|dr|pl)\.$/, (kind) => LONG_STREETS[kind] ?? kind)
    .replace(/ [nsew]\. /, (direction) => (random.chance(0.4) ? ' ' : direction));
  return {
    name,
    addressLine1: random.chance(0.2) ? `${line} between 5th and 6th aves.` : line,
    locality: random.chance(0.15) ? random.pick(CITIES) : (original.locality ?? null),
    phone: random.chance(0.9)
      ? (original.phone ?? '').replace('/', '-')
      : random.fill('310-###-####'),
  };
}
