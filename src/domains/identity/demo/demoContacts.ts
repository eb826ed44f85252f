import type { ContactFields } from '../rules/entities.ts';
import { createDemoId, createExternalId, type DemoEntity, randomDay } from './demoEntity.ts';
import type { DemoHomes } from './demoHomes.ts';
import { COMPANY_FORMS, COMPANY_NAMES, PERSON_NAMES } from './demoNames.ts';
import type { DemoCountry } from './demoPlaces.ts';
import type { SeededRandom } from './seededRandom.ts';

/** A contact, and the country it lives in, which not all contacts say. */
export interface DemoContact extends DemoEntity<'contact'> {
  readonly homeCountry: DemoCountry;
}

type Name = Pick<ContactFields, 'kind' | 'givenName' | 'familyName' | 'organisationName'>;

/** Domains that RFC 2606 reserves for examples, and so are no one's. */
const DOMAINS = ['example.com', 'example.org', 'example.net', 'mail.example.com'];

/** Creates clean contacts: four people to every organisation. */
export function createDemoContacts(
  random: SeededRandom,
  homes: DemoHomes,
  count: number,
): DemoContact[] {
  const emailsInUse = new Set<string>();
  const companiesInUse = new Set<string>();
  return Array.from({ length: count }, (_, index): DemoContact => {
    const homeCountry = homes.pickCountry();
    const { address, phone } = homes.homeIn(homeCountry);
    const name = random.chance(0.2)
      ? nameOrganisation(random, homeCountry, companiesInUse)
      : namePerson(random, homeCountry);
    const email = random.chance(0.94) ? createEmail(random, name, emailsInUse) : null;
    const hasPhone = random.chance(0.92) || email === null;
    // In the workspace's own country, many don't bother to write it.
    const leavesCountryOut = homeCountry.code === 'US' && random.chance(0.12);
    return {
      entityType: 'contact',
      id: createDemoId(random, index),
      homeCountry,
      fields: {
        ...name,
        email,
        phone: hasPhone ? phone : null,
        ...address,
        country: leavesCountryOut ? null : address.country,
        birthDate:
          name.kind === 'PERSON' && random.chance(0.6) ? randomDay(random, 1948, 2005) : null,
        externalId: createExternalId('C', index + 1),
      },
    };
  });
}

function namePerson(random: SeededRandom, country: DemoCountry): Name {
  const names = PERSON_NAMES[random.pick(country.languages)];
  return {
    kind: 'PERSON',
    givenName: random.pick(names.given),
    familyName: random.pick(names.family),
    organisationName: null,
  };
}

/** No two have the same name: two offices of one company would be taken for a duplicate. */
function nameOrganisation(random: SeededRandom, country: DemoCountry, inUse: Set<string>): Name {
  const { first, last } = COMPANY_NAMES[random.pick(country.languages)];
  const form = random.pick(COMPANY_FORMS[country.code] ?? ['Ltd']);
  const [drawn, trade] = [random.pick(first), random.pick(last)];
  const names = first.slice(first.indexOf(drawn)).concat(first);
  const name = names.find((candidate) => !inUse.has(`${candidate} ${trade}`)) ?? drawn;
  inUse.add(`${name} ${trade}`);
  return {
    kind: 'ORGANISATION',
    givenName: null,
    familyName: null,
    organisationName: `${name} ${trade} ${form}`,
  };
}

function createEmail(random: SeededRandom, name: Name, inUse: Set<string>): string {
  const words = [name.givenName, name.familyName, name.organisationName]
    .filter((word) => word !== null)
    .map(toAscii);
  const domain = random.pick(DOMAINS);
  const write =
    name.kind === 'PERSON'
      ? (suffix: string) => `${words.join('.')}${suffix}@${domain}`
      : (suffix: string) => `office${suffix}@${words.join('-')}.example.com`;
  for (let number = 1; ; number += 1) {
    const email = write(number === 1 ? '' : String(number));
    if (inUse.has(email)) continue;
    inUse.add(email);
    return email;
  }
}

function toAscii(word: string): string {
  return word
    .replaceAll('ß', 'ss')
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll('ı', 'i')
    .replace(/[^a-z ]/g, '')
    .trim()
    .replace(/ +/g, '-');
}
