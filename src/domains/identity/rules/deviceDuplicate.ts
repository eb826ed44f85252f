import type { DeviceFields } from './entities.ts';
import type { DuplicateRule, MatchKey } from './rule.ts';
import { cleanText } from './values/cleanText.ts';
import { canonicalMac } from './values/macAddress.ts';
import { matchText } from './values/matchText.ts';
import { serialNumberKey } from './values/serialNumber.ts';

export const deviceDuplicate: DuplicateRule<'device'> = {
  kind: 'duplicate',
  id: 'device.duplicate',
  version: 2,
  entityType: 'device',
  severity: 'WARNING',
  description:
    'No other device has the same serial number, where it is a number of six digits or less of the same manufacturer, or the same MAC address.',
  rationale: 'One device is counted, serviced and paid for twice.',
  example: 'Two devices have the serial number BM-100234.',
  fields: ['serialNumber', 'manufacturer', 'macAddress'],
  matchKeys(device) {
    return [serialKey(device), macKey(device)].filter((key) => key !== null);
  },
};

/** Many makers number their devices from 1 on: so short a number is one device's among its maker's. */
const SHORT_NUMBER = /^\d{1,6}$/;

function serialKey({ serialNumber, manufacturer }: DeviceFields): MatchKey | null {
  const serial = serialNumber === null ? null : serialNumberKey(serialNumber);
  if (serial === null) return null;
  const maker = SHORT_NUMBER.test(serial) ? matchText(manufacturer) : '';
  return { field: 'serialNumber', key: `serial:${serial}|${maker}`, label: 'serial number' };
}

function macKey({ macAddress }: DeviceFields): MatchKey | null {
  const mac = macAddress === null ? null : canonicalMac(cleanText(macAddress));
  return mac === null ? null : { field: 'macAddress', key: `mac:${mac}`, label: 'MAC address' };
}
