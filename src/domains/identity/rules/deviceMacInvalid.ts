import type { RecordRule } from './rule.ts';
import { cleanText } from './values/cleanText.ts';
import { canonicalMac } from './values/macAddress.ts';

export const deviceMacInvalid: RecordRule<'device'> = {
  kind: 'record',
  id: 'device.mac.invalid',
  version: 2,
  entityType: 'device',
  severity: 'WARNING',
  description: 'A device’s MAC address is one that a single device can have (EUI-48 or EUI-64).',
  fields: ['macAddress'],
  rationale: 'A device cannot be recognised on the network by an address that no device has.',
  example: { macAddress: '00:1B:44:11:3A' },
  check({ macAddress }, _context, report) {
    if (macAddress === null) return;
    const address = cleanText(macAddress);
    if (address === '' || canonicalMac(address) !== null) return;
    report({
      field: 'macAddress',
      message: describeProblem(address),
      currentValue: macAddress,
      suggestedValue: null,
    });
  },
};

function describeProblem(address: string): string {
  const digits = address.replace(/[-:.\s]/g, '');
  if (/[^0-9a-f]/i.test(digits)) return 'The MAC address has signs other than hexadecimal digits.';
  if (/^(?:0+|f+|001122334455|123456789abc)$/i.test(digits)) {
    return 'No single device has this MAC address.';
  }
  if (digits.length !== 12 && digits.length !== 16) {
    return `The MAC address has ${digits.length} hexadecimal digits instead of 12 or 16.`;
  }
  if (/^.[13579bdf]/i.test(digits) && canonicalMac(`02${digits.slice(2)}`) !== null) {
    return 'This is the address of a group of devices, and of no single one.';
  }
  return 'The MAC address is divided in an unusual way.';
}
