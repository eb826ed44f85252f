import {
  createSeededRandom,
  type SeededRandom,
} from '../src/domains/identity/demo/seededRandom.ts';
import type { MatchedFields } from '../src/domains/identity/services/matching/recordStore.ts';
import { FAMILY_NAMES, GIVEN_NAMES, NICKNAMES, STREET_NAMES, TOWNS } from './duplicateNames.ts';
import { typo } from './typo.ts';

const SEED = 20_261_123;

/** Of the records, how many are copies of another one. */
const COPY_SHARE = 0.08;

/** A contact with the person that it is about. */
export interface LabelledContact {
  readonly person: number;
  readonly fields: MatchedFields;
}

type Draft = {
  -readonly [Field in Exclude<keyof MatchedFields, 'latitude' | 'longitude'>]?: string | null;
};

/**
 * A workspace of people with planted duplicates, and with people who are alike and not the same:
 * households that share address, phone and family name; twins; fathers and sons of one name;
 * offices with one switchboard; namesakes in large cities.
 */
export function* generateContacts(count: number): Generator<LabelledContact> {
  const random = createSeededRandom(SEED);
  let [made, person] = [0, 0];
  while (made < count) {
    const household = makeHousehold(random);
    for (const fields of household) {
      const copies = random.chance(COPY_SHARE) ? (random.chance(0.2) ? 2 : 1) : 0;
      yield { person, fields };
      for (let copy = 0; copy < copies; copy += 1)
        yield { person, fields: corrupt(random, fields) };
      made += 1 + copies;
      person += 1;
    }
  }
}

function makeHousehold(random: SeededRandom): readonly Draft[] {
  const address = makeAddress(random);
  const family = familyName(random);
  const phone = makePhone(random);
  const mailbox = makeEmail(random, 'family', family);
  const size = random.chance(0.6) ? 1 : random.between(2, 4);
  const isOffice = random.chance(0.02);
  const office = isOffice
    ? `${familyName(random)} ${random.pick(['Ltd', 'Partners', 'Group'])}`
    : null;
  const members: Draft[] = [];
  for (let at = 0; at < (isOffice ? random.between(5, 40) : size); at += 1) {
    const ownFamily = isOffice || (at === 1 && random.chance(0.2)) ? familyName(random) : family;
    const sharesPhone = isOffice || random.chance(0.6);
    const first = members[0];
    const isNamesake = at === 2 && !isOffice && Boolean(first?.birthDate) && random.chance(0.08);
    const isTwin = at === 3 && !isOffice && random.chance(0.15);
    const given = isNamesake
      ? (first?.givenName ?? '')
      : isOffice
        ? givenName(random)
        : unlike(random, members);
    const year = at < 2 || isOffice ? random.between(1940, 2004) : random.between(1975, 2015);
    members.push({
      ...address,
      givenName: given,
      familyName: ownFamily,
      organisationName: office,
      birthDate: isTwin
        ? (members[2]?.birthDate ?? null)
        : isNamesake || random.chance(0.75)
          ? date(random, year)
          : null,
      phone: random.chance(0.85) ? (sharesPhone ? phone : makePhone(random)) : null,
      email: random.chance(0.7)
        ? random.chance(0.05)
          ? mailbox
          : makeEmail(random, given, ownFamily)
        : null,
    });
  }
  return members;
}

/** Brothers and sisters have names of their own. */
function unlike(random: SeededRandom, members: readonly Draft[]): string {
  const given = givenName(random);
  return members.some((member) => member.givenName === given) ? unlike(random, members) : given;
}

function makeAddress(random: SeededRandom): Draft {
  const town = TOWNS[Math.floor((random.between(0, 9_999) / 10_000) ** 2 * TOWNS.length)];
  const zone = random.between(0, 1 + (town?.zones ?? 1));
  return {
    streetNumber: String(random.between(1, random.chance(0.7) ? 200 : 9_900)),
    addressLine1: `${random.pick(STREET_NAMES)} ${random.pick(['Street', 'Ave', 'Road', 'Lane', 'Drive', 'Court'])}`,
    addressLine2: random.chance(0.15) ? `Apt ${random.between(1, 60)}` : null,
    locality: town?.name ?? null,
    region: town?.region ?? null,
    postalCode: String(10_000 + (town?.code ?? 0) * 40 + zone),
    country: 'US',
  };
}

function givenName(random: SeededRandom): string {
  return skewed(random, GIVEN_NAMES, 1.8);
}

/** Most family names come from the list; the others are rare compounds of it. */
function familyName(random: SeededRandom): string {
  if (random.chance(0.55)) return skewed(random, FAMILY_NAMES, 1.9);
  const [one, other] = [random.pick(FAMILY_NAMES), random.pick(FAMILY_NAMES)];
  return one.slice(0, random.between(3, 4)) + other.slice(-random.between(3, 5));
}

function skewed(random: SeededRandom, list: readonly string[], power: number): string {
  return list[Math.floor((random.between(0, 999_999) / 1e6) ** power * list.length)] ?? '';
}

function date(random: SeededRandom, year: number): string {
  const [month, day] = [random.between(1, 12), random.between(1, 28)];
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

function makePhone(random: SeededRandom): string {
  return random.fill(`+1${random.between(201, 989)}${random.between(201, 989)}####`);
}

/** Two people of one name can't have the same mailbox. */
function makeEmail(random: SeededRandom, given: string, family: string): string {
  const number = random.between(1, 99_999);
  const name = random.pick([
    `${given}.${family}.${number}`,
    `${given[0]}${family}${number}`,
    `${given}${number}`,
    `${family}.${given[0]}${number}`,
  ]);
  return `${name}@${random.pick(['gmail.com', 'yahoo.com', 'outlook.com', 'example.com', `${family}.example`])}`.toLowerCase();
}

const TYPED = [
  'givenName',
  'familyName',
  'addressLine1',
  'locality',
  'birthDate',
  'phone',
  'email',
  'streetNumber',
  'postalCode',
] as const;
const LOST = ['birthDate', 'phone', 'email', 'addressLine1', 'postalCode', 'addressLine2'] as const;

/** Another record of the same person, as somebody else would have typed it in. */
function corrupt(random: SeededRandom, original: Draft): Draft {
  const copy: Draft = { ...original };
  const given = copy.givenName ?? '';
  if (random.chance(0.12)) copy.givenName = random.pick(NICKNAMES[given] ?? [given]);
  else if (random.chance(0.03)) copy.givenName = given.slice(0, 1);
  if (random.chance(0.02)) copy.givenName = null;
  if (random.chance(0.1)) Object.assign(copy, makeAddress(random));
  if (random.chance(0.03)) copy.familyName = familyName(random);
  if (random.chance(0.02)) [copy.givenName, copy.familyName] = [copy.familyName, copy.givenName];
  if (random.chance(0.15)) copy.phone = makePhone(random);
  if (random.chance(0.15)) copy.email = makeEmail(random, given, copy.familyName ?? '');
  for (let errors = random.between(0, 3); errors > 0; errors -= 1) {
    const field = random.pick(TYPED);
    const value = copy[field];
    if (value) copy[field] = field === 'birthDate' ? wrongDate(random, value) : typo(random, value);
  }
  for (let losses = random.between(0, 2); losses > 0; losses -= 1) copy[random.pick(LOST)] = null;
  if (random.chance(0.3))
    copy.phone = copy.phone?.replace(/^\+1(\d{3})(\d{3})/, '($1) $2-') ?? null;
  if (random.chance(0.3))
    copy.addressLine1 = copy.addressLine1?.replace('Street', 'St').replace('Road', 'Rd') ?? null;
  return copy;
}

/** A date with one digit wrong, or with day and month swapped. */
function wrongDate(random: SeededRandom, text: string): string {
  const [year = '', month = '', day = ''] = text.split('-');
  if (random.chance(0.3)) return `${year}-${day}-${month}`;
  const at = random.pick([2, 3, 6, 9]);
  return text.slice(0, at) + random.between(0, 9) + text.slice(at + 1);
}
