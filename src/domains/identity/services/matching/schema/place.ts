import {
  allOf,
  bothOf,
  columnKey,
  firstLetters,
  hashOf,
  propertyOf,
  sound,
  squareOf,
} from '../blocking/keys.ts';
import { STREET_LEVEL } from '../compare/address.ts';
import type { Comparator } from '../compare/comparator.ts';
import { compareEmails, comparePhones } from '../compare/contactPoint.ts';
import { NameWords } from '../compare/nameWords.ts';
import { compareOrganisationNames, ORGANISATION_LEVEL } from '../compare/organisationName.ts';
import { comparePositions } from '../compare/position.ts';
import type { RecordStore } from '../recordStore.ts';
import { addressComparator, EMAIL, PHONE, PLACE, SECOND_LINE, streets } from './commonFields.ts';
import type {
  BlockingKey,
  BlockingRule,
  FieldSchema,
  PopulationSchema,
} from './populationSchema.ts';

/** Priors as in commonFields.ts; names of organisations are written more freely than those of people. */
const FIELDS: readonly FieldSchema[] = [
  {
    field: 'name',
    shared: 0.04,
    columns: ['name'],
    levels: [
      ['same', 0.55, 0.001],
      ['close', 0.25, 0.001],
      ['similar', 0.12, 0.004],
      ['a word in common', 0.05, 0.06],
      ['different', 0.0296, 0.924],
      ['another number', 0.0004, 0.01],
    ],
    frequencies: [{ level: 1, column: 'name' }],
    rarest: 1e-5,
    unordered: [ORGANISATION_LEVEL.otherNumber],
    against: [
      { level: ORGANISATION_LEVEL.different, odds: 1 / 12 },
      { level: ORGANISATION_LEVEL.otherNumber, odds: 1 / 25 },
    ],
  },
  PHONE,
  EMAIL,
  PLACE,
  // A site is where it stands: the same one is seldom recorded at two addresses, but an operator has
  // many, of one name and with one phone. Organisations move, and have branches: for them, too.
  ...streets({
    shared: 0.7,
    against: [
      { level: STREET_LEVEL.sameStreet, odds: 1 / 8 },
      { level: STREET_LEVEL.sameNumber, odds: 1 / 2 },
      { level: STREET_LEVEL.different, odds: 1 / 512 },
    ],
  }),
  SECOND_LINE,
  {
    field: 'position',
    shared: 0.95,
    columns: [],
    levels: [
      ['within 100 m', 0.6, 0.00005],
      ['within 1 km', 0.2, 0.002],
      ['within 10 km', 0.12, 0.05],
      ['further', 0.08, 0.94795],
    ],
    frequencies: [],
    rarest: 1e-6,
  },
];

/**
 * Organisations and sites: two in one building, or of one operator, share address or phone, and
 * differ in their names.
 */
export const PLACE_OF_BUSINESS: PopulationSchema = {
  fields: FIELDS,
  relatedForOneSame: 3,
  comparators,
  blockingRules,
};

function comparators(store: RecordStore): readonly Comparator[] {
  const at = (field: string): number => FIELDS.findIndex((schema) => schema.field === field);
  const [name, phone, email] = [at('name'), at('phone'), at('email')];
  const position = at('position');
  return [
    { groups: [[name]], compare: compareOrganisationNames(store, name, new NameWords(store)) },
    { groups: [[phone]], compare: comparePhones(store, phone) },
    { groups: [[email]], compare: compareEmails(store, email) },
    addressComparator(store, at),
    { groups: [[position]], compare: comparePositions(store, position) },
  ];
}

function blockingRules(store: RecordStore, isSmall: boolean): readonly BlockingRule[] {
  const words = new NameWords(store);
  const names = columnKey(store, 'name');
  const rarest: BlockingKey = (row) => words.rarestOf(names(row))[0] ?? 0;
  const second: BlockingKey = (row) => words.rarestOf(names(row))[1] ?? 0;
  const beginning = propertyOf(store, 'name', firstLetters(5));
  const nameSound = propertyOf(store, 'name', sound);
  const wordSet = propertyOf(store, 'name', (name) => hashOf(name.split(' ').sort().join(' ')));
  const postal = columnKey(store, 'postal');
  const locality = columnKey(store, 'locality');
  const [number, street] = [columnKey(store, 'number'), columnKey(store, 'street')];
  const rule = (
    key: string,
    fields: readonly string[],
    ...keys: BlockingRule['keys']
  ): BlockingRule => ({ key, fields, keys });
  const address = ['street', 'street elsewhere', 'street of unknown place'];
  // What the edge of one square parts, the other one has inside, but for few.
  const [square, shiftedSquare] = [squareOf(store, 0), squareOf(store, 0.5)];
  const distinct = [
    rule('phone', ['phone'], columnKey(store, 'phone'), nameSound),
    rule('mailbox', ['email'], columnKey(store, 'email'), nameSound),
    rule('name', ['name', 'place'], wordSet, postal, street),
    rule('rarest words of the name', ['name'], bothOf(rarest, second), locality),
    rule('rarest word and postal code', ['name', 'place'], allOf(rarest, postal), number),
    rule('rarest word and locality', ['name', 'place'], allOf(rarest, locality), street),
    rule('second word and locality', ['name', 'place'], allOf(second, locality), street),
    rule('beginning and locality', ['name', 'place'], allOf(beginning, locality), street),
    rule('beginning and postal code', ['name', 'place'], allOf(beginning, postal), number),
    rule('sound and number', ['name', ...address], allOf(nameSound, number), postal),
    rule('number and street', [...address, 'place'], allOf(number, street), postal, nameSound),
    rule('number and postal code', [...address, 'place'], allOf(number, postal), nameSound),
    rule('position', ['position'], square, nameSound, wordSet),
    rule('position, shifted', ['position'], shiftedSquare, nameSound, wordSet),
    rule('street and beginning', ['name', ...address], allOf(street, beginning), number),
  ]; // One field alone is key enough where there are few records.
  const coarse = [
    rule('rarest word', ['name'], rarest, locality, nameSound),
    rule('second word', ['name'], second, locality, nameSound),
    rule('beginning of the name', ['name'], beginning, locality),
    rule('sound of the name', ['name'], nameSound, locality),
    rule('street', address, street, number),
    rule('number', address, number, locality),
  ];
  return isSmall ? [...distinct, ...coarse.map((each) => ({ ...each, isCoarse: true }))] : distinct;
}
