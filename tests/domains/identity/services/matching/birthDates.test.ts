import { describe, expect, it } from 'vitest';
import { createMatcher } from '../../../../../src/domains/identity/services/matching/matcher.ts';
import {
  type MatchedFields,
  RecordStore,
} from '../../../../../src/domains/identity/services/matching/recordStore.ts';
import { febrlLikePeople } from './febrlLikePeople.ts';

const WALTER: MatchedFields = {
  ...{ givenName: 'Walter', familyName: 'Hagedorn', streetNumber: '12' },
  ...{ addressLine1: 'Ogden Avenue', locality: 'Dayton', postalCode: '45402' },
};

const DUPLICATES = { seed: 5, originals: 300, duplicates: 150, mostPerOriginal: 1, mostChanges: 4 };
const PEOPLE = febrlLikePeople(DUPLICATES).map(({ fields }) => fields);

/** How probably two people of one name and address are the same, by their birth dates. */
function probability(one: string, other: string, others: readonly MatchedFields[]): number {
  const store = new RecordStore('contact');
  for (const birthDate of [one, other]) store.add({ ...WALTER, birthDate });
  for (const fields of others) store.add(fields);
  return createMatcher(store).compare(0, 1)?.probability ?? Number.NaN;
}

describe.each<[string, readonly MatchedFields[]]>([
  ['alone', []],
  ['among others', PEOPLE],
])('people of one name and address, %s', (_, others) => {
  it.each([
    ['1951-03-14', '1978-09-30'],
    ['1951-03-14', '1985-03-15'],
    ['1949-12-24', '1976-01-02'],
  ])('are two where birth dates differ by more than a slip: %s and %s', (one, other) => {
    expect(probability(one, other, others)).toBeLessThan(0.2);
  });

  it.each([
    ['a digit is wrong', '1951-03-14', '1961-03-14'],
    ['day and month are swapped', '1951-03-04', '1951-04-03'],
    ['day and month are swapped, and a digit is wrong', '1942-03-05', '1972-05-03'],
    ['the year is a guess', '1951-03-14', '1948-03-14'],
    ['one is where Unix time begins', '1951-03-14', '1970-01-01'],
    ['one is where the calendar of a program begins', '1951-03-14', '1900-01-01'],
    ['one can’t be a date', '1951-03-14', '7931-25-08'],
  ])('are one where %s: %s and %s', (_why, one, other) => {
    expect(probability(one, other, others)).toBeGreaterThan(0.5);
  });
});
