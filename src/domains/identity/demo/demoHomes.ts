import type { Address } from '../rules/entities.ts';
import { DEMO_COUNTRIES, type DemoCountry, type DemoPlace } from './demoPlaces.ts';
import type { SeededRandom } from './seededRandom.ts';

/** Where a contact lives or a site stands. */
export interface DemoHome {
  readonly place: DemoPlace;
  readonly address: Address;
  /** Valid, in E.164, and no one else's. */
  readonly phone: string;
}

export interface DemoHomes {
  pickCountry(): DemoCountry;
  homeIn(country: DemoCountry): DemoHome;
}

const SECOND_LINES: Readonly<Record<string, readonly string[]>> = {
  US: ['Suite 110', 'Suite 2400', 'Apt 4B', 'Unit 12', 'Floor 3'],
  CA: ['Suite 300', 'Unit 7'],
  GB: ['Flat 2', 'Unit 5', 'First Floor'],
  DE: ['Hinterhaus', '2. OG'],
  FR: ['Bâtiment C', '3e étage'],
};

/** Creates the source of all addresses and phone numbers of the workspace. */
export function createDemoHomes(random: SeededRandom): DemoHomes {
  const phonesInUse = new Set<string>();
  const countriesByWeight = DEMO_COUNTRIES.flatMap((country) =>
    Array<DemoCountry>(country.weight).fill(country),
  );

  function freePhone(pattern: string): string {
    const phone = random.fill(pattern);
    if (phonesInUse.has(phone)) return freePhone(pattern);
    phonesInUse.add(phone);
    return phone;
  }

  return {
    pickCountry: () => random.pick(countriesByWeight),
    homeIn(country) {
      const place = random.pick(country.places);
      const secondLines = SECOND_LINES[country.code];
      const address: Address = {
        streetNumber: String(random.between(1, country.code === 'US' ? 2400 : 180)),
        addressLine1: random.pick(country.streets),
        addressLine2: secondLines && random.chance(0.15) ? random.pick(secondLines) : null,
        locality: place.locality,
        region: place.region,
        postalCode: random.fill(place.postalCode),
        country: country.code,
      };
      return { place, address, phone: freePhone(place.phone) };
    },
  };
}
