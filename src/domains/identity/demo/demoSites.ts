import type { DemoContact } from './demoContacts.ts';
import { createDemoId, createExternalId, type DemoEntity } from './demoEntity.ts';
import type { DemoHomes } from './demoHomes.ts';
import { SITE_KINDS } from './demoNames.ts';
import type { SeededRandom } from './seededRandom.ts';

/** Creates clean sites, each in the country of the organisation that owns it. */
export function createDemoSites(
  random: SeededRandom,
  homes: DemoHomes,
  contacts: readonly DemoContact[],
  count: number,
): DemoEntity<'site'>[] {
  const organisations = contacts.filter(({ fields }) => fields.kind === 'ORGANISATION');
  return Array.from({ length: count }, (_, index): DemoEntity<'site'> => {
    const owner = random.pick(organisations);
    const { place, address, phone } = homes.homeIn(owner.homeCountry);
    const [company] = (owner.fields.organisationName ?? '').split(' ');
    const kind = random.pick(SITE_KINDS[random.pick(owner.homeCountry.languages)]);
    const isLocated = random.chance(0.85);
    // Masts, pumps and the like stand where there is no street.
    const hasStreet = !isLocated || random.chance(0.96);
    return {
      entityType: 'site',
      id: createDemoId(random, contacts.length + index),
      fields: {
        name: `${company} ${kind} ${place.locality}`,
        phone: random.chance(0.8) ? phone : null,
        email: random.chance(0.3) ? `site${index + 1}@sites.example.com` : null,
        ...address,
        streetNumber: hasStreet ? address.streetNumber : null,
        addressLine1: hasStreet ? address.addressLine1 : null,
        latitude: isLocated ? near(random, place.latitude) : null,
        longitude: isLocated ? near(random, place.longitude) : null,
        timeZone: place.timeZone,
        ownerId: owner.id,
        externalId: createExternalId('S', index + 1),
      },
    };
  });
}

/** Within about five kilometres, to about a metre. */
function near(random: SeededRandom, degrees: number): number {
  return Number((degrees + random.between(-5_000, 5_000) / 100_000).toFixed(5));
}
