import type { EntityType } from '../rules/entities.ts';
import { CONTACT_DEFECTS } from './contactDefects.ts';
import { createDemoContacts } from './demoContacts.ts';
import type { Changes } from './demoDefects.ts';
import { createDemoDevices } from './demoDevices.ts';
import type { DemoEntity } from './demoEntity.ts';
import { createDemoHomes } from './demoHomes.ts';
import { createDemoSites } from './demoSites.ts';
import { DEVICE_DEFECTS } from './deviceDefects.ts';
import { type PlantedFinding, plantDefects } from './plantDefects.ts';
import { createSeededRandom } from './seededRandom.ts';
import { SITE_DEFECTS } from './siteDefects.ts';

export const DEMO_WORKSPACE = { slug: 'demo', name: 'Demo', defaultCountry: 'US' } as const;

/** An entity as a row of a staged batch. */
export interface DemoRow {
  readonly entityType: EntityType;
  /** `entityType`, `id` (UUID) and every field of the entity, null where it has no value. */
  readonly rawData: Readonly<Record<string, string | number | null>>;
}

export interface DemoWorkspace {
  /** Contacts, then sites, which they own, then devices, which stand at sites. */
  readonly rows: readonly DemoRow[];
  /** Every finding that an audit must give: these and no others. */
  readonly planted: readonly PlantedFinding[];
}

const SEED = 20_260_105;
const CONTACTS = 1_000;
const SITES = 300;
const DEVICES = 700;

/** Generates the demo workspace: the same entities, ids and defects every time. */
export function generateDemoWorkspace(): DemoWorkspace {
  const random = createSeededRandom(SEED);
  const homes = createDemoHomes(random);
  const contacts = createDemoContacts(random, homes, CONTACTS);
  const sites = createDemoSites(random, homes, contacts, SITES);
  const devices = createDemoDevices(random, sites, CONTACTS + SITES, DEVICES);
  const plantings = [
    plantDefects(random, contacts, CONTACT_DEFECTS),
    plantDefects(random, sites, SITE_DEFECTS),
    plantDefects(random, devices, DEVICE_DEFECTS),
  ];
  const changes = new Map(plantings.flatMap((planting) => [...planting.changes]));
  return {
    rows: [...contacts, ...sites, ...devices].map((entity) => toRow(entity, changes)),
    planted: plantings.flatMap(({ planted }) => planted),
  };
}

function toRow<T extends EntityType>(
  { entityType, id, fields }: DemoEntity<T>,
  changes: ReadonlyMap<string, Changes>,
): DemoRow {
  return { entityType, rawData: { entityType, id, ...fields, ...changes.get(id) } };
}
