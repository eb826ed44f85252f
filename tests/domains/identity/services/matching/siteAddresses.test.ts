import { describe, expect, it } from 'vitest';
import { createMatcher } from '../../../../../src/domains/identity/services/matching/matcher.ts';
import {
  type MatchedFields,
  RecordStore,
} from '../../../../../src/domains/identity/services/matching/recordStore.ts';
import { restaurantLikeSites } from './restaurantLikeSites.ts';

const CENTRE: MatchedFields = {
  ...{ name: 'Brightmere Learning Center', addressLine1: '2420 S Ogden Ave' },
  ...{ locality: 'Dayton', region: 'OH', postalCode: '45402', phone: '+19375550142' },
};

const SITES = restaurantLikeSites(31, 500, 150).map(({ fields }) => fields);

function probability(other: MatchedFields, others: readonly MatchedFields[]): number {
  const store = new RecordStore('site');
  for (const fields of [CENTRE, { ...CENTRE, ...other }, ...others]) store.add(fields);
  return createMatcher(store).compare(0, 1)?.probability ?? Number.NaN;
}

describe.each<[string, readonly MatchedFields[]]>([
  ['alone', []],
  ['among others', SITES],
])('sites of one operator with its phone, %s', (_, others) => {
  it.each<[string, MatchedFields]>([
    ['stand at two streets', { addressLine1: '118 W Hickory Lane' }],
    [
      'are named after their parts of town',
      { name: 'Brightmere Learning Center North', addressLine1: '118 W Hickory Lane' },
    ],
    [
      'stand at two streets of two postal codes',
      { addressLine1: '118 W Hickory Lane', postalCode: '45429' },
    ],
  ])('are two where they %s', (_why, other) => {
    expect(probability(other, others)).toBeLessThan(0.5);
  });

  it.each<[string, MatchedFields]>([
    ['the street is mistyped', { addressLine1: '2420 S Ogdne Ave' }],
    ['a digit of the number is wrong', { addressLine1: '2480 S Ogden Ave' }],
    ['digits of the number are swapped', { addressLine1: '2240 S Ogden Ave' }],
    ['the number is missing', { addressLine1: 'Ogden Avenue' }],
    ['the address is missing', { addressLine1: null }],
    ['the address is written otherwise', { addressLine1: '2420 South Ogden, Rear Door' }],
  ])('are one where %s', (_why, other) => {
    expect(probability(other, others)).toBeGreaterThan(0.5);
  });
});

it('takes streets with other numbers for others, and a digit for a slip', () => {
  const at = (one: string, other: string) => {
    const store = new RecordStore('site');
    for (const addressLine1 of [one, other]) store.add({ ...CENTRE, addressLine1 });
    return createMatcher(store)
      .explain(0, 1)
      ?.contributions.find(({ field }) => field === 'street')?.level;
  };
  expect(at('2929 W 19th Street', '3826 W 85th Street')).toBe('different');
  expect(at('2929 W 18th Street', '2929 W 19th Street')).toBe('number or street a little apart');
});
