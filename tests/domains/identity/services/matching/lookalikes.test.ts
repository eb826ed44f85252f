import { describe, expect, it } from 'vitest';
import { createSeededRandom } from '../../../../../src/domains/identity/demo/seededRandom.ts';
import {
  createMatcher,
  type Matcher,
} from '../../../../../src/domains/identity/services/matching/matcher.ts';
import {
  type MatchedFields,
  type MatchedType,
  RecordStore,
} from '../../../../../src/domains/identity/services/matching/recordStore.ts';
import { wordList } from './corruption.ts';
import { febrlLikePeople } from './febrlLikePeople.ts';

function matcherOf(type: MatchedType, records: readonly MatchedFields[]): Matcher {
  const store = new RecordStore(type);
  for (const fields of records) store.add(fields);
  return createMatcher(store);
}

function countMatches(type: MatchedType, records: readonly MatchedFields[]): number {
  return matcherOf(type, records).findMatches().pairs.first.length;
}

function probability(one: MatchedFields, other: MatchedFields): number {
  return matcherOf('contact', [one, other]).compare(0, 1)?.probability ?? Number.NaN;
}

const STAFF = 300;

/** People of one office: their names are drawn at random, so hardly two of them have the same ones. */
function staff(contactPoints: (at: number) => MatchedFields): readonly MatchedFields[] {
  const random = createSeededRandom(3);
  const [given, family] = [wordList(random, 150), wordList(random, 250)];
  return Array.from({ length: STAFF }, (_, at) => ({
    ...{ givenName: random.pick(given), familyName: random.pick(family) },
    ...{ organisationName: 'Brightmere Energy', streetNumber: '400' },
    ...{ addressLine1: 'Harbor Boulevard', locality: 'Columbus', region: 'OH' },
    ...{ postalCode: '43215', ...contactPoints(at) },
  }));
}

const extension = (at: number) => `+1614555${1_000 + at}`;
const numbered = (at: number) => `emp${1_000 + at}@brightmere.com`;
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
const lettered = (at: number) =>
  `employee.${LETTERS[at % 26]}${LETTERS[Math.floor(at / 26)]}@brightmere.com`;

describe('tells the people of an office apart', () => {
  it.each<[string, (at: number) => MatchedFields]>([
    [
      'extensions and mailboxes that are counted through',
      (at) => ({ phone: extension(at), email: numbered(at) }),
    ],
    [
      'one phone and mailboxes that are counted through',
      (at) => ({ phone: extension(0), email: numbered(at) }),
    ],
    ['mailboxes that are counted through', (at) => ({ email: numbered(at) })],
    ['extensions that are counted through', (at) => ({ phone: extension(at) })],
    ['mailboxes that are lettered', (at) => ({ phone: extension(at), email: lettered(at) })],
  ])('by their names, in spite of %s', (_, contactPoints) => {
    // Namesakes are taken for the same: 300 have two or three of them.
    expect(countMatches('contact', staff(contactPoints))).toBeLessThanOrEqual(3);
  });

  it('among other people, whose duplicates are found', () => {
    const options = {
      seed: 51,
      originals: 1_500,
      duplicates: 500,
      mostPerOriginal: 1,
      mostChanges: 3,
    };
    const people = febrlLikePeople(options);
    const office = staff((at) => ({ phone: extension(at), email: numbered(at) }));
    const matcher = matcherOf('contact', [...people.map(({ fields }) => fields), ...office]);

    const { first } = matcher.findMatches().pairs;

    expect(first.filter((row) => row >= people.length).length).toBeLessThanOrEqual(3);
    expect(first.length).toBeGreaterThan(480);
  });

  it('when short mailboxes differ in a letter', () => {
    const one = { givenName: 'John', familyName: 'McDonald', email: 'jm@foo-bar.com' };
    const other = { givenName: 'John', familyName: 'Smith', email: 'jsm@foo-bar.com' };
    expect(probability(one, other)).toBeLessThan(0.5);
  });
});

it('still takes a typo in a mailbox or a phone number for one', () => {
  const one = { givenName: 'Ada', familyName: 'Lovelock', email: 'engines@lovelock.example' };
  const other = { ...one, familyName: 'Byron', email: 'enginse@lovelock.example' };
  expect(matcherOf('contact', [one, other]).explain(0, 1)?.contributions).toContainEqual(
    expect.objectContaining({ field: 'email', level: 'one typo apart' }),
  );
  const [phone, mistyped] = [
    { ...one, phone: '+16145550123' },
    { ...one, phone: '+16145505123' },
  ];
  expect(matcherOf('contact', [phone, mistyped]).explain(0, 1)?.contributions).toContainEqual(
    expect.objectContaining({ field: 'phone', level: 'one digit apart' }),
  );
});

const CHRIS: MatchedFields = {
  ...{ givenName: 'Christopher', familyName: 'Jones', birthDate: '1980-03-14' },
  ...{ phone: '+16145550123', streetNumber: '12', addressLine1: 'Main Street' },
  ...{ locality: 'Columbus', postalCode: '43201' },
};

describe('names in the place of each other', () => {
  it.each<[string, MatchedFields, MatchedFields]>([
    ['a short form', CHRIS, { ...CHRIS, givenName: 'Jones', familyName: 'Chris' }],
    ['an initial', CHRIS, { ...CHRIS, givenName: 'Jones', familyName: 'C' }],
    [
      'two typos',
      { ...CHRIS, givenName: 'Robert', familyName: 'Johnson' },
      { ...CHRIS, givenName: 'Jhonsno', familyName: 'Robert' },
    ],
  ])('are seen with %s', (_, one, other) => {
    expect(probability(one, other)).toBeGreaterThan(0.9);
  });

  it('are others where only one of them is the same', () => {
    expect(probability(CHRIS, { ...CHRIS, givenName: 'Smith', familyName: 'Chris' })).toBeLessThan(
      0.5,
    );
  });
});

describe('tells numbered sites apart', () => {
  const campus = {
    ...{ streetNumber: '100', addressLine1: 'Campus Drive', locality: 'Dayton', region: 'OH' },
    ...{ postalCode: '45402', phone: '+19375550100' },
  };
  const STREETS = [
    'Oak Street',
    'Cedar Avenue',
    'Pine Road',
    'Lake Drive',
    'Hill Lane',
    'Mill Road',
  ];
  const street = (at: number): MatchedFields => ({
    ...{ streetNumber: String(13 * at), addressLine1: STREETS[at % 6] ?? '' },
    ...{ locality: 'Columbus', region: 'OH', postalCode: '43201' },
  });
  const hubs = Array.from({ length: 200 }, (_, at) => ({
    ...{ name: `Brightmere Hub ${at + 1}`, phone: extension(at), ...street(at) },
  }));
  const buildings = (names: readonly string[]) => names.map((name) => ({ name, ...campus }));
  const counted = Array.from({ length: 30 }, (_, at) => `Building ${at + 1}`);

  it.each<[string, readonly MatchedFields[]]>([
    ['hubs of one operator', hubs],
    ['buildings by number', buildings(counted)],
    ['hubs and buildings', [...hubs, ...buildings(counted)]],
    ['buildings by letter', buildings([...LETTERS].map((letter) => `Building ${letter}`))],
    [
      'halls by Roman numeral',
      buildings(['I', 'II', 'III', 'IV', 'V', 'VI'].map((at) => `Hall ${at}`)),
    ],
    ['labs by floor', buildings(['First', 'Second', 'Third'].map((at) => `${at} Floor Lab`))],
    [
      'the shops of a chain',
      Array.from({ length: 200 }, (_, at) => ({ ...street(at), name: 'Brightmere Coffee' })),
    ],
  ])('%s', (_, sites) => {
    expect(countMatches('site', sites)).toBe(0);
  });

  it('but not those whose numbers are written otherwise', () => {
    expect(
      countMatches(
        'site',
        buildings(['Brightmere Trade Fair Hall IV', 'Brightmere Trade Fair Hall 04']),
      ),
    ).toBe(1);
  });
});
