import { compareAddresses } from '../compare/address.ts';
import type { Comparator } from '../compare/comparator.ts';
import type { RecordStore } from '../recordStore.ts';
import type { FieldSchema } from './populationSchema.ts';

/**
 * Priors of the fields that persons, organisations and sites share. They are round figures: *same*
 * from error rates usual in record linkage (a tenth of the values differ, most of those by a typo;
 * Winkler 2006, Overview of Record Linkage, section 3), *unrelated* from how many values there are.
 */
export const EMAIL: FieldSchema = {
  field: 'email',
  shared: 0.05,
  columns: ['email'],
  levels: [
    ['same mailbox', 0.7, 0.000002],
    ['one typo apart', 0.06, 0.00002],
    ['same name at another domain', 0.06, 0.0002],
    ['different', 0.18, 0.999778],
  ],
  frequencies: [{ level: 1, column: 'email' }],
  rarest: 2e-7,
};

export const PHONE: FieldSchema = {
  field: 'phone',
  shared: 0.65,
  columns: ['phone'],
  levels: [
    ['same number', 0.7, 0.000005],
    ['one digit apart', 0.06, 0.00005],
    ['last seven digits', 0.04, 0.00001],
    ['different', 0.2, 0.999935],
  ],
  frequencies: [{ level: 1, column: 'phone' }],
  rarest: 5e-7,
};

export const PLACE: FieldSchema = {
  field: 'place',
  shared: 0.97,
  columns: ['postal', 'locality', 'region'],
  levels: [
    ['same postal code', 0.76, 0.004],
    ['postal code or locality a little apart', 0.1, 0.003],
    ['same locality, a postal code is missing', 0.04, 0.015],
    ['same locality, other postal code', 0.03, 0.02],
    ['same region', 0.04, 0.2],
    ['different', 0.03, 0.758],
  ],
  frequencies: [
    { level: 1, column: 'postal' },
    { level: 3, column: 'locality' },
    { level: 4, column: 'locality' },
  ],
  rarest: 1e-5,
};

const STREET_LABELS = [
  'same number and street',
  'number or street a little apart',
  'same, number or street is missing',
  'same street, other number',
  'same number, other street',
  'different',
] as const;

/** The street, by whether the places agree, don't, or can't be compared. */
export function streets({
  shared,
  against = [],
}: Pick<FieldSchema, 'shared' | 'against'>): readonly FieldSchema[] {
  const street = (
    field: string,
    share: number,
    same: readonly number[],
    unrelated: readonly number[],
  ): FieldSchema => ({
    field,
    shared: share,
    columns: ['number', 'street'],
    levels: STREET_LABELS.map((label, at) => [label, same[at] ?? 0, unrelated[at] ?? 0]),
    frequencies: [],
    rarest: 1e-7,
    against,
  });
  return [
    street(
      'street',
      shared,
      [0.75, 0.12, 0.05, 0.03, 0.02, 0.03],
      [0.0015, 0.0015, 0.002, 0.02, 0.007, 0.968],
    ),
    street(
      'street elsewhere',
      Math.min(shared, 0.6),
      [0.2, 0.05, 0.02, 0.02, 0.02, 0.69],
      [0.00002, 0.00005, 0.0005, 0.003, 0.007, 0.98943],
    ),
    street(
      'street of unknown place',
      shared,
      [0.72, 0.11, 0.05, 0.03, 0.02, 0.07],
      [0.00005, 0.0001, 0.0005, 0.005, 0.007, 0.98735],
    ),
  ];
}

export const SECOND_LINE: FieldSchema = {
  field: 'second address line',
  shared: 0.9,
  columns: ['secondLine'],
  levels: [
    ['same', 0.8, 0.02],
    ['a little apart', 0.1, 0.02],
    ['different', 0.1, 0.96],
  ],
  frequencies: [{ level: 1, column: 'secondLine' }],
  rarest: 1e-4,
};

/** Compares addresses, given where the fields of an address stand in a schema. */
export function addressComparator(store: RecordStore, at: (field: string) => number): Comparator {
  const [place, street, secondLine] = [at('place'), at('street'), at('second address line')];
  const streets = [street, street + 1, street + 2] as const;
  const fields = {
    place,
    streetInSamePlace: streets[0],
    streetElsewhere: streets[1],
    streetAnywhere: streets[2],
    secondLine,
  };
  return { groups: [[place], streets, [secondLine]], compare: compareAddresses(store, fields) };
}
