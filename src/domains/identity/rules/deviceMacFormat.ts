import type { RecordRule } from './rule.ts';
import { cleanText } from './values/cleanText.ts';
import { canonicalMac } from './values/macAddress.ts';

export const deviceMacFormat: RecordRule<'device'> = {
  kind: 'record',
  id: 'device.mac.format',
  version: 2,
  entityType: 'device',
  severity: 'INFO',
  description: 'A MAC address is written in upper-case pairs with colons: 00:1B:44:11:3A:B7.',
  fields: ['macAddress'],
  rationale: 'One spelling makes addresses comparable with those that networks report.',
  example: { macAddress: '001b.4411.3ab7' },
  check({ macAddress }, _context, report) {
    if (macAddress === null || macAddress === '') return;
    const address = cleanText(macAddress);
    const isBlank = address === '';
    const suggestedValue = isBlank ? '' : canonicalMac(address);
    if (suggestedValue === null || suggestedValue === macAddress) return;
    report({
      field: 'macAddress',
      message: isBlank
        ? 'The MAC address is white space only.'
        : 'The MAC address is not written in upper-case pairs with colons.',
      currentValue: macAddress,
      suggestedValue,
    });
  },
};
