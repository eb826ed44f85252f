import type { DeviceFields } from './entities.ts';
import type { DuplicateRule, MatchKey } from './rule.ts';
import { cleanText } from './values/cleanText.ts';
import { canonicalMac } from './values/macAddress.ts';
import { serialNumberKey } from './values/serialNumber.ts';

export const deviceDuplicate: DuplicateRule<'device'> = {
  kind: 'duplicate',
  id: 'device.duplicate',
  version: 1,
  entityType: 'device',
  severity: 'WARNING',
  description: 'No other device has the same serial number or the same MAC address.',
  rationale: 'One device is counted, serviced and paid for twice.',
  example: 'Two devices have the serial number BM-100234.',
  fields: ['serialNumber', 'macAddress'],
  matchKeys(device) {
    return [serialKey(device), macKey(device)].filter((key) => key !== null);
  },
};

function serialKey({ serialNumber }: DeviceFields): MatchKey | null {
  const serial = serialNumber === null ? null : serialNumberKey(serialNumber);
  return serial === null
    ? null
    : { field: 'serialNumber', key: `serial:${serial}`, label: 'serial number' };
}

function macKey({ macAddress }: DeviceFields): MatchKey | null {
  const mac = macAddress === null ? null : canonicalMac(cleanText(macAddress));
  return mac === null ? null : { field: 'macAddress', key: `mac:${mac}`, label: 'MAC address' };
}
