import type { RecordRule } from './rule.ts';
import { isBlank } from './values/cleanText.ts';

export const deviceRequired: RecordRule<'device'> = {
  kind: 'record',
  id: 'device.required',
  version: 1,
  entityType: 'device',
  severity: 'ERROR',
  description: 'A device has a serial number.',
  fields: ['serialNumber'],
  rationale: 'The serial number is what ties a device to its label, its maker and its warranty.',
  example: { model: 'G2' },
  check(device, _context, report) {
    if (!isBlank(device.serialNumber)) return;
    report({
      field: 'serialNumber',
      message: 'The device has no serial number.',
      currentValue: device.serialNumber,
      suggestedValue: null,
    });
  },
};
