import type { Pool } from 'pg';
import { v7 as uuidv7 } from 'uuid';
import {
  createSeededRandom,
  type SeededRandom,
} from '../src/domains/identity/demo/seededRandom.ts';
import { ENTITY_TABLES } from '../src/domains/identity/profiles/entityTables.ts';
import { copyInto, encodeCopyRow } from '../src/platform/postgres/copy.ts';
import { inTransaction } from '../src/platform/postgres/pool.ts';

/** Of all generated data. */
export const SEED = 20_261_123;

/** Of the entities, how many are contacts and how many sites; the rest are devices. */
const CONTACT_SHARE = 0.6;
const SITE_SHARE = 0.1;

const GIVEN = ['Ada', 'Ben', 'Chiara', 'Dmitri', 'Elif', 'Femi', 'Grace', 'Hana', 'Ivo', 'Jun'];
const FAMILY = [
  'Meier',
  'Okafor',
  'Rossi',
  'Novak',
  'Smith',
  'Tanaka',
  'Larsen',
  'Dubois',
  'Silva',
];
const STREETS = ['Ogden Ave', 'Kedzie Ave', 'Main St', 'Wentworth Ave', 'Roosevelt Rd', 'Lake St'];
/** So many of the contacts own sites. */
const OWNERS = 10_000;
const MAKERS = ['Acme', 'Borealis', 'Cobalt', 'Delphi'];

/**
 * Fills a workspace with sound entities, and with defects that give 0.19 findings an entity, the
 * same ones every time.
 *
 * @returns the number of entities
 */
export async function generateEntities(
  pool: Pool,
  workspaceId: string,
  entities: number,
): Promise<number> {
  const random = createSeededRandom(SEED);
  const contacts = Math.floor(entities * CONTACT_SHARE);
  const sites = Math.floor(entities * SITE_SHARE);
  await inTransaction(pool, async (client) => {
    const ownerIds: string[] = [];
    const siteIds: string[] = [];
    await copyInto(
      client,
      `${ENTITY_TABLES.contact} (id, workspace_id, kind, given_name, family_name, email, phone,
        street_number, address_line1, locality, region, postal_code, country, external_id)`,
      contactRows(random, workspaceId, contacts, ownerIds),
      (row) => row,
    );
    await copyInto(
      client,
      `${ENTITY_TABLES.site} (id, workspace_id, name, phone, street_number, address_line1, locality,
        region, postal_code, country, latitude, longitude, time_zone, owner_id, external_id)`,
      siteRows(random, workspaceId, sites, ownerIds, siteIds),
      (row) => row,
    );
    await copyInto(
      client,
      `${ENTITY_TABLES.device} (id, workspace_id, site_id, serial_number, manufacturer, model,
        mac_address, firmware, installed_on, external_id)`,
      deviceRows(random, workspaceId, entities - contacts - sites, siteIds),
      (row) => row,
    );
  });
  await pool.query('ANALYZE third_party, customer_site, customer_device');
  return entities;
}

function* contactRows(
  random: SeededRandom,
  workspaceId: string,
  count: number,
  ownerIds: string[],
): Generator<string> {
  for (let index = 0; index < count; index += 1) {
    const id = uuidv7();
    if (ownerIds.length < OWNERS) ownerIds.push(id);
    yield encodeCopyRow([id, workspaceId, 'PERSON', ...contactValues(random, index)]);
  }
}

/** The fields that {@link contactValues} gives. */
export const CONTACT_FIELDS = [
  'givenName',
  'familyName',
  'email',
  'phone',
  'streetNumber',
  'addressLine1',
  'locality',
  'region',
  'postalCode',
  'country',
  'externalId',
] as const;

/** A contact, in the order of {@link CONTACT_FIELDS}. */
export function contactValues(random: SeededRandom, index: number): readonly (string | null)[] {
  const [given, family] = [random.pick(GIVEN), random.pick(FAMILY)];
  // One in a hundred has the address of the one before.
  const mailbox = random.chance(0.01) && index > 0 ? index - 1 : index;
  return [
    random.chance(0.085) ? ` ${given}` : random.chance(0.01) ? given.toUpperCase() : given,
    family,
    random.chance(0.02)
      ? `${given} at example.com`
      : `person${mailbox}@${random.chance(0.005) ? 'gmial.com' : 'example.com'}`,
    phone(random),
    String(random.between(1, 9999)),
    random.pick(STREETS),
    'Chicago',
    'IL',
    random.chance(0.02) ? random.fill('####') : random.fill('606##'),
    random.chance(0.01) ? 'USA' : 'US',
    `C-${index}`,
  ];
}

function* siteRows(
  random: SeededRandom,
  workspaceId: string,
  count: number,
  ownerIds: readonly string[],
  siteIds: string[],
): Generator<string> {
  for (let index = 0; index < count; index += 1) {
    const id = uuidv7();
    siteIds.push(id);
    yield encodeCopyRow([
      id,
      workspaceId,
      random.chance(0.05) ? `Depot  ${index}` : `Depot ${index}`,
      phone(random),
      String(random.between(1, 9999)),
      random.pick(STREETS),
      'Chicago',
      'IL',
      random.fill('606##'),
      'US',
      String(degrees(random, 41.75, 42)),
      // A sign is lost now and then.
      String(degrees(random, -87.8, -87.6) * (random.chance(0.01) ? -1 : 1)),
      random.chance(0.01) ? 'CST' : 'America/Chicago',
      ownerIds.length === 0 || random.chance(0.02) ? null : random.pick(ownerIds),
      `S-${index}`,
    ]);
  }
}

function* deviceRows(
  random: SeededRandom,
  workspaceId: string,
  count: number,
  siteIds: readonly string[],
): Generator<string> {
  for (let index = 0; index < count; index += 1) {
    const octets = (index + 0x10_00_00_00).toString(16).toUpperCase().padStart(8, '0');
    const mac = `00:1B:${octets.match(/../g)?.join(':')}`;
    yield encodeCopyRow([
      uuidv7(),
      workspaceId,
      random.chance(0.03) ? null : random.pick(siteIds),
      random.chance(0.005) ? 'N/A' : `SN-${String(index).padStart(8, '0')}`,
      random.chance(0.01) ? null : random.pick(MAKERS),
      random.fill('M-##'),
      random.chance(0.06) ? mac.replaceAll(':', '-') : mac,
      random.fill('#.#.##'),
      '2024-05-01',
      `D-${index}`,
    ]);
  }
}

/** Between two angles, in degrees to about a metre. */
function degrees(random: SeededRandom, from: number, to: number): number {
  return random.between(Math.round(from * 1e5), Math.round(to * 1e5)) / 1e5;
}

/** Chicago's numbers in E.164; some in national form, some with too few digits, some none. */
/** Of so many numbers that few are shared, however many entities there are. */
function phone(random: SeededRandom): string | null {
  if (random.chance(0.15)) return null;
  const exchange = random.between(200, 999);
  if (random.chance(0.1)) return random.fill(`(312) ${exchange}-####`);
  return random.fill(random.chance(0.02) ? `${exchange}-####` : `+1312${exchange}####`);
}
