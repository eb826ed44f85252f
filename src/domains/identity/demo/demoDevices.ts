import { createDemoId, createExternalId, type DemoEntity, randomDay } from './demoEntity.ts';
import type { SeededRandom } from './seededRandom.ts';

interface DeviceModel {
  readonly manufacturer: string;
  readonly model: string;
  readonly category: string;
  readonly serialPrefix: string;
  /** Bits of its hardware address: EUI-64 for radios, none for what has no network. */
  readonly macBits: 48 | 64 | null;
}

/** Of invented manufacturers. */
const MODELS: readonly DeviceModel[] = [
  {
    manufacturer: 'Brightmere',
    model: 'G2',
    category: 'gateway',
    serialPrefix: 'BMG',
    macBits: 48,
  },
  {
    manufacturer: 'Brightmere',
    model: 'G4 Pro',
    category: 'gateway',
    serialPrefix: 'BMP',
    macBits: 48,
  },
  {
    manufacturer: 'Okaline',
    model: 'Therma 300',
    category: 'thermostat',
    serialPrefix: 'OKT',
    macBits: 48,
  },
  { manufacturer: 'Okaline', model: 'Sense', category: 'sensor', serialPrefix: 'OKS', macBits: 64 },
  { manufacturer: 'Veltrano', model: 'VM-3P', category: 'meter', serialPrefix: 'VT3', macBits: 48 },
  {
    manufacturer: 'Veltrano',
    model: 'VM-1',
    category: 'meter',
    serialPrefix: 'VT1',
    macBits: null,
  },
  {
    manufacturer: 'Halvard & Roe',
    model: 'Dome 8',
    category: 'camera',
    serialPrefix: 'HRD',
    macBits: 48,
  },
  {
    manufacturer: 'Sunquill',
    model: 'Inverter 12k',
    category: 'inverter',
    serialPrefix: 'SQI',
    macBits: 48,
  },
];

/** Creates clean devices, all at one of the sites. */
export function createDemoDevices(
  random: SeededRandom,
  sites: readonly DemoEntity<'site'>[],
  firstSequence: number,
  count: number,
): DemoEntity<'device'>[] {
  return Array.from({ length: count }, (_, index): DemoEntity<'device'> => {
    const { manufacturer, model, category, serialPrefix, macBits } = random.pick(MODELS);
    const installedOn = randomDay(random, 2017, 2025);
    const year = Number(installedOn.slice(0, 4));
    return {
      entityType: 'device',
      id: createDemoId(random, firstSequence + index),
      fields: {
        siteId: random.pick(sites).id,
        serialNumber: `${serialPrefix}-${year}-${String(4_100 + index * 7).padStart(5, '0')}`,
        manufacturer,
        model,
        category,
        macAddress: macBits === null ? null : createMac(index, macBits),
        firmware: `${random.between(1, 4)}.${random.between(0, 9)}.${random.between(0, 12)}`,
        installedOn,
        warrantyEndsOn: `${year + 5}${installedOn.slice(4)}`,
        status: random.pick(['ACTIVE', 'ACTIVE', 'ACTIVE', 'ACTIVE', 'INACTIVE', 'RETIRED']),
        externalId: createExternalId('D', index + 1),
      },
    };
  });
}

/** A locally administered address, which is no manufacturer's; unlike for every index. */
function createMac(index: number, bits: 48 | 64): string {
  // An odd factor maps the 24 bits one to one, and looks less like a count.
  const tail = (Math.imul(index + 1, 0x9e3779) & 0xffffff).toString(16).padStart(6, '0');
  const digits = `02d3a0${bits === 64 ? 'fffe' : ''}${tail}`.toUpperCase();
  return digits.replace(/..(?=.)/g, '$&:');
}
