import { allOf, bothOf, columnKey, firstLetters, propertyOf, sound } from '../blocking/keys.ts';
import { BIRTH_LEVEL, compareBirthDates } from '../compare/birthDate.ts';
import type { Comparator } from '../compare/comparator.ts';
import { compareEmails, comparePhones } from '../compare/contactPoint.ts';
import { NameWords } from '../compare/nameWords.ts';
import { compareOrganisationNames, ORGANISATION_LEVEL } from '../compare/organisationName.ts';
import { comparePersonNames, NAME_LEVEL } from '../compare/personNames.ts';
import type { RecordStore } from '../recordStore.ts';
import { addressComparator, EMAIL, PHONE, PLACE, SECOND_LINE, streets } from './commonFields.ts';
import type { BlockingRule, FieldSchema, PopulationSchema } from './populationSchema.ts';

/** Priors as in commonFields.ts; relatives and colleagues share what they do by common sense. */
const FIELDS: readonly FieldSchema[] = [
  {
    field: 'given name',
    shared: 0.01,
    columns: ['given'],
    levels: [
      ['same', 0.8, 0.005],
      ['short form, initial or part', 0.05, 0.006],
      ['one typo apart', 0.08, 0.003],
      ['similar', 0.03, 0.02],
      ['in the place of the family name', 0.015, 0.0005],
      ['different', 0.025, 0.9655],
    ],
    frequencies: [
      { level: NAME_LEVEL.exact, column: 'given' },
      { level: NAME_LEVEL.swapped, column: 'given', orColumn: 'family' },
    ],
    rarest: 1e-5,
    unordered: [NAME_LEVEL.swapped],
    against: [{ level: NAME_LEVEL.different, odds: 1 / 24 }],
  },
  {
    field: 'family name',
    shared: 0.7,
    columns: ['family'],
    levels: [
      ['same', 0.82, 0.002],
      ['a part in common', 0.02, 0.0005],
      ['one typo apart', 0.08, 0.002],
      ['similar', 0.02, 0.015],
      ['in the place of the given name', 0.015, 0.0005],
      ['different', 0.045, 0.98],
    ],
    frequencies: [
      { level: NAME_LEVEL.exact, column: 'family' },
      { level: NAME_LEVEL.swapped, column: 'family', orColumn: 'given' },
    ],
    rarest: 2e-6,
    unordered: [NAME_LEVEL.swapped],
    against: [{ level: NAME_LEVEL.different, odds: 1 / 14 }],
  },
  {
    field: 'birth date',
    shared: 0.01,
    columns: ['birth'],
    levels: [
      ['same', 0.87, 0.00005],
      ['a digit apart, or day and month swapped', 0.08, 0.0012],
      ['two of three parts, or two digits apart', 0.045, 0.016],
      ['same year', 0.0031, 0.013],
      ['different', 0.0019, 0.96975],
    ],
    frequencies: [{ level: 1, column: 'birth' }],
    rarest: 1e-5,
    // Hardly anybody is recorded with a birthday of somebody else, but fathers' names go to sons.
    against: [
      { level: BIRTH_LEVEL.sameYear, odds: 1 / 4 },
      { level: BIRTH_LEVEL.different, odds: 1 / 512 },
    ],
  },
  PHONE,
  EMAIL,
  PLACE,
  ...streets({ shared: 0.95 }),
  SECOND_LINE,
  {
    field: 'organisation',
    shared: 0.5,
    columns: ['name'],
    levels: [
      ['same', 0.65, 0.004],
      ['close', 0.1, 0.002],
      ['similar', 0.05, 0.004],
      ['a word in common', 0.05, 0.05],
      ['different', 0.1496, 0.93],
      ['another number', 0.0004, 0.01],
    ],
    frequencies: [{ level: 1, column: 'name' }],
    rarest: 1e-5,
    unordered: [ORGANISATION_LEVEL.otherNumber],
    against: [{ level: ORGANISATION_LEVEL.otherNumber, odds: 1 / 25 }],
  },
];

/** People: two in one household or office differ in given name, birth date or own mailbox. */
export const PERSON: PopulationSchema = {
  fields: FIELDS,
  relatedForOneSame: 3,
  comparators,
  blockingRules,
};

function comparators(store: RecordStore): readonly Comparator[] {
  const at = (field: string): number => FIELDS.findIndex((schema) => schema.field === field);
  const [given, family] = [at('given name'), at('family name')];
  const [birth, phone, email] = [at('birth date'), at('phone'), at('email')];
  const organisation = at('organisation');
  return [
    { groups: [[given], [family]], compare: comparePersonNames(store, given, family) },
    { groups: [[birth]], compare: compareBirthDates(store, birth) },
    { groups: [[phone]], compare: comparePhones(store, phone) },
    { groups: [[email]], compare: compareEmails(store, email) },
    addressComparator(store, at),
    {
      groups: [[organisation]],
      compare: compareOrganisationNames(store, organisation, new NameWords(store)),
    },
  ];
}

function blockingRules(store: RecordStore, isSmall: boolean): readonly BlockingRule[] {
  const [given, family] = [columnKey(store, 'given'), columnKey(store, 'family')];
  const givenSound = propertyOf(store, 'given', sound);
  const familySound = propertyOf(store, 'family', sound);
  const initial = propertyOf(store, 'given', firstLetters(1));
  const familyInitial = propertyOf(store, 'family', firstLetters(1));
  const birth = columnKey(store, 'birth');
  const birthYear = propertyOf(store, 'birth', firstLetters(4));
  const postal = columnKey(store, 'postal');
  const locality = columnKey(store, 'locality');
  const [number, street] = [columnKey(store, 'number'), columnKey(store, 'street')];
  const phone = columnKey(store, 'phone');
  const rule = (
    key: string,
    fields: readonly string[],
    ...keys: BlockingRule['keys']
  ): BlockingRule => ({ key, fields, keys });
  const names = ['given name', 'family name'];
  const address = ['street', 'street elsewhere', 'street of unknown place'];
  const distinct = [
    rule('mailbox', ['email'], columnKey(store, 'email'), initial),
    rule('phone', ['phone'], phone, initial, familyInitial),
    rule('birth date', ['birth date'], birth, familySound, initial),
    rule('birth date and given name', ['birth date', ...names], allOf(birth, givenSound), postal),
    rule('names by sound', [...names, 'birth date'], bothOf(givenSound, familySound), birthYear),
    rule(
      'names by sound and postal code',
      [...names, 'place'],
      allOf(bothOf(givenSound, familySound), postal),
      street,
    ),
    rule(
      'names and locality',
      [...names, 'place'],
      allOf(bothOf(given, family), locality),
      street,
      birthYear,
    ),
    rule(
      'family name and postal code',
      [...names, 'place'],
      allOf(family, postal),
      initial,
      street,
    ),
    rule(
      'given name and postal code',
      [...names, 'place'],
      allOf(given, postal),
      familyInitial,
      birthYear,
    ),
    rule(
      'number and street',
      [...address, ...names],
      allOf(number, street),
      initial,
      familyInitial,
    ),
    rule(
      'number and postal code',
      [...address, 'place', ...names],
      allOf(number, postal),
      initial,
      familyInitial,
    ),
    rule('street and given name', [...address, ...names], allOf(street, given), number, birthYear),
    rule('number and family name', [...address, ...names], allOf(number, family), initial, postal),
  ];
  // One field alone is key enough where there are few records, and finds those with many errors.
  const coarse = [
    rule('family name by sound', names, familySound, initial, birthYear),
    rule('given name by sound', names, givenSound, familyInitial, birthYear),
    rule('street', address, street, initial),
    rule('second address line', ['second address line'], columnKey(store, 'secondLine'), initial),
    rule('postal code', ['place', ...names], postal, initial, birthYear),
    rule('locality', ['place', ...names], locality, initial, birthYear),
  ];
  return isSmall ? [...distinct, ...coarse.map((each) => ({ ...each, isCoarse: true }))] : distinct;
}
