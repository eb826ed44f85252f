import { describe, expect, it } from 'vitest';
import { SHARED } from '../../../../../src/domains/identity/services/matching/explain.ts';
import {
  createMatcher,
  type Matcher,
} from '../../../../../src/domains/identity/services/matching/matcher.ts';
import { normalisePhone } from '../../../../../src/domains/identity/services/matching/normalise/contactPoint.ts';
import {
  type MatchedFields,
  RecordStore,
} from '../../../../../src/domains/identity/services/matching/recordStore.ts';
import { febrlLikePeople, type LabelledRecord, type PeopleOptions } from './febrlLikePeople.ts';
import { restaurantLikeSites } from './restaurantLikeSites.ts';

function storeOf(type: 'contact' | 'site', records: readonly MatchedFields[]): RecordStore {
  const store = new RecordStore(type);
  for (const fields of records) store.add(fields);
  return store;
}

/** How good the matches among labelled records are, as pairs. */
function judge(type: 'contact' | 'site', records: readonly LabelledRecord[]) {
  const matcher = createMatcher(
    storeOf(
      type,
      records.map(({ fields }) => fields),
    ),
  );
  const { pairs } = matcher.findMatches();
  const entityOf = (row: number | undefined) => records[row ?? -1]?.entity;
  const right = pairs.first.filter((row, at) => entityOf(row) === entityOf(pairs.second[at]));
  const groups = [...Map.groupBy(records, ({ entity }) => entity).values()];
  const planted = groups.reduce((sum, { length }) => sum + (length * (length - 1)) / 2, 0);
  return { precision: right.length / pairs.first.length, recall: right.length / planted };
}

describe('people with many errors', () => {
  it.each<[string, PeopleOptions, number]>([
    [
      'one',
      { seed: 11, originals: 500, duplicates: 500, mostPerOriginal: 1, mostChanges: 1 },
      0.97,
    ],
    [
      'four',
      { seed: 12, originals: 700, duplicates: 700, mostPerOriginal: 5, mostChanges: 4 },
      0.93,
    ],
    [
      'ten',
      { seed: 13, originals: 500, duplicates: 500, mostPerOriginal: 1, mostChanges: 10 },
      0.9,
    ],
  ])('finds duplicates with up to %s changes a record', (_, options, recall) => {
    const quality = judge('contact', febrlLikePeople(options));
    expect(quality.precision).toBeGreaterThan(0.97);
    expect(quality.recall).toBeGreaterThan(recall);
  });
});

it('finds the restaurants that two guides have', () => {
  const quality = judge('site', restaurantLikeSites(21, 752, 112));
  expect(quality.precision).toBeGreaterThan(0.93);
  expect(quality.recall).toBeGreaterThan(0.95);
});

const ADA: MatchedFields = {
  givenName: 'Ada',
  familyName: 'Lovelock',
  streetNumber: '12',
  addressLine1: 'Ogden Avenue',
  locality: 'Chicago',
  postalCode: '60612',
  birthDate: '1980-03-14',
  phone: '+13125550123',
  email: 'ada.lovelock@example.com',
};

/** A small workspace of other people around those in question; the priors stand. */
function matcherOf(...people: readonly MatchedFields[]): Matcher {
  return createMatcher(storeOf('contact', people));
}

function probability(one: MatchedFields, other: MatchedFields): number | undefined {
  return matcherOf(one, other).compare(0, 1)?.probability;
}

describe('takes for the same', () => {
  it.each<[string, MatchedFields]>([
    ['a copy', ADA],
    ['a typo in each name', { ...ADA, givenName: 'Adda', familyName: 'Lovelok' }],
    ['swapped names', { ...ADA, givenName: 'Lovelock', familyName: 'Ada' }],
    ['a new family name', { ...ADA, familyName: 'Byron', email: null }],
    [
      'who moved',
      {
        ...ADA,
        streetNumber: '9',
        addressLine1: 'Elm St',
        locality: 'Austin',
        postalCode: '73301',
      },
    ],
    ['swapped day and month', { ...ADA, birthDate: '1980-14-03', phone: null }],
    [
      'another form of the address',
      {
        ...ADA,
        streetNumber: null,
        addressLine1: '12 Ogden Ave.',
        birthDate: null,
        phone: '(312) 555-0123',
      },
    ],
  ])('%s', (_, other) => {
    expect(probability(ADA, other)).toBeGreaterThan(0.9);
  });

  it('a nickname', () => {
    expect(
      probability({ ...ADA, givenName: 'William' }, { ...ADA, givenName: 'Bill' }),
    ).toBeGreaterThan(0.9);
  });
});

describe('tells apart', () => {
  it.each<[string, MatchedFields]>([
    [
      'husband and wife',
      { ...ADA, givenName: 'Ben', birthDate: '1979-11-02', email: 'ben@example.com' },
    ],
    ['twins', { ...ADA, givenName: 'Grace', email: 'grace@example.com' }],
    ['mother and daughter of one name', { ...ADA, birthDate: '2006-09-30', email: null }],
    ['mother and daughter with one mailbox', { ...ADA, birthDate: '2006-09-30' }],
    [
      'colleagues at one switchboard',
      { givenName: 'Femi', familyName: 'Okafor', phone: ADA.phone ?? null },
    ],
    [
      'namesakes',
      { givenName: 'Ada', familyName: 'Lovelock', locality: 'Boston', birthDate: '1951-01-30' },
    ],
  ])('%s', (_, other) => {
    expect(probability(ADA, other)).toBeLessThan(0.5);
  });
});

it('says nothing of people by their missing values', () => {
  const { contributions = [] } =
    matcherOf({ givenName: 'Ada' }, { ...ADA, givenName: 'Ben' }).explain(0, 1) ?? {};
  const fields = contributions.map(({ field }) => field).filter((field) => field !== SHARED);
  expect(fields).toEqual(['given name']);
});

it('explains a weight by contributions that add up to it', () => {
  const explanation = matcherOf(ADA, { ...ADA, givenName: 'Adda' }).explain(0, 1);
  const sum = explanation?.contributions.reduce(
    (total, { weight }) => total + weight,
    explanation.prior,
  );
  expect(sum).toBeCloseTo(explanation?.weight ?? Number.NaN, 1);
  expect(explanation?.contributions).toContainEqual(
    expect.objectContaining({
      field: 'given name',
      level: 'one typo apart',
      values: ['ada', 'adda'],
    }),
  );
});

it('does not compare people with organisations', () => {
  const matcher = matcherOf(ADA, { organisationName: 'Lovelock Ltd', phone: ADA.phone ?? null });
  expect(matcher.compare(0, 1)).toBeNull();
});

it.each([
  ['Riverside Tower A', 'Riverside Tower B'],
  ['Riverside Depot 12', 'Riverside Depot 13'],
])('takes %s and %s at one address for two', (name, otherName) => {
  const place = { streetNumber: '1', addressLine1: 'Campus Way', postalCode: '61801' };
  const pairOf = (other: string) =>
    matcherOf(
      { ...place, organisationName: name },
      { ...place, organisationName: other },
    ).findMatches().pairs.first.length;
  expect(pairOf(otherName)).toBe(0);
  expect(pairOf(name)).toBe(1);
});

it('takes father and son for two who say so', () => {
  const father = { ...ADA, familyName: 'Lovelock Sr.', birthDate: null, email: null };
  expect(probability(father, { ...father, familyName: 'Lovelock Jr.' })).toBeLessThan(0.5);
  expect(probability(father, { ...father, familyName: 'Lovelock' })).toBeGreaterThan(0.5);
});

it('finds organisations in spite of their legal forms', () => {
  const one = {
    organisationName: 'Lovelock Engines Ltd.',
    locality: 'Chicago',
    phone: '312-555-0123',
  };
  const other = {
    organisationName: 'The Lovelock Engines Company',
    locality: 'Chicago',
    phone: '(312) 555 0123',
  };
  expect(matcherOf(one, other).findMatches().pairs.first).toHaveLength(1);
});

it('says which records it compared with nothing', () => {
  const many = Array.from({ length: 70 }, () => ({
    ...{ familyName: 'Zebrowski', streetNumber: '12', addressLine1: 'Main Street' },
    ...{ locality: 'Columbus', postalCode: '43201' },
  }));
  expect(matcherOf(...many).findMatches().uncompared).toContainEqual({
    ...{ population: 'person', key: 'family name and postal code', blocks: 1, rows: 70 },
    pairs: (70 * 69) / 2,
  });
});

it('finds sites that have a name and a position alone, however many share the name', () => {
  const sites = Array.from({ length: 80 }, (_, at) => ({
    ...{ name: 'Brightmere Charging Hub', latitude: 40 + Math.floor(at / 2) / 10, longitude: -83 },
  }));
  const { first, second } = createMatcher(storeOf('site', sites)).findMatches().pairs;
  expect([...first].toSorted((one, other) => one - other)).toEqual(
    Array.from({ length: 40 }, (_, at) => 2 * at),
  );
  expect(first.every((row, at) => second[at] === row + 1)).toBe(true);
});

it('weighs a rare name more than a common one', () => {
  const common = Array.from({ length: 40 }, () => ({ givenName: 'Kim', familyName: 'Smith' }));
  const rare = Array.from({ length: 2 }, () => ({ givenName: 'Kim', familyName: 'Zywiec' }));
  const matcher = matcherOf(...common, ...rare);
  expect(matcher.compare(40, 41)?.weight).toBeGreaterThan((matcher.compare(0, 1)?.weight ?? 0) + 1);
});

it('gives a model that is stored and read again to the same matches', () => {
  const records = febrlLikePeople({
    seed: 31,
    originals: 300,
    duplicates: 100,
    mostPerOriginal: 2,
    mostChanges: 3,
  });
  const store = storeOf(
    'contact',
    records.map(({ fields }) => fields),
  );
  const matcher = createMatcher(store);
  const again = createMatcher(store, JSON.parse(JSON.stringify(matcher.model)));
  expect(again.findMatches().pairs).toEqual(matcher.findMatches().pairs);
});

it('refuses a model of another type', () => {
  const { model } = createMatcher(storeOf('site', [{ name: 'Depot' }]));
  expect(() => createMatcher(storeOf('contact', [ADA]), model)).toThrow(RangeError);
});

describe('the phone number in', () => {
  it.each([
    ['Fax: +1 614 555 0123', '145550123'],
    ['#614 555 0123', '145550123'],
    ['614 555 0123 x12', '145550123'],
    ['614-555-0123 ext. 12 (front desk)', '145550123'],
    ['Ext. 12 614-555-0123', '145550123'],
    ['x12', ''],
  ])('%s is found', (text, digits) => {
    expect(normalisePhone(text)).toBe(digits);
  });
});
