import type { RecordRule } from './rule.ts';
import { isBlank } from './values/cleanText.ts';

export const deviceRecommended: RecordRule<'device'> = {
  kind: 'record',
  id: 'device.recommended',
  version: 1,
  entityType: 'device',
  severity: 'INFO',
  description: 'A device has a manufacturer and a model.',
  fields: ['manufacturer', 'model'],
  rationale: 'Recalls, updates and spare parts are found by manufacturer and model.',
  example: { serialNumber: 'BM-100234', manufacturer: 'Brightmere' },
  check(device, _context, report) {
    const recommend = (field: 'manufacturer' | 'model') =>
      report({
        field,
        message: `The device has no ${field}.`,
        currentValue: device[field],
        suggestedValue: null,
      });
    if (isBlank(device.manufacturer)) recommend('manufacturer');
    if (isBlank(device.model)) recommend('model');
  },
};
