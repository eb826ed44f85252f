import type { RecordRule } from './rule.ts';

export const deviceSiteMissing: RecordRule<'device'> = {
  kind: 'record',
  id: 'device.site.missing',
  version: 1,
  entityType: 'device',
  severity: 'WARNING',
  description: 'A device belongs to a site.',
  fields: ['siteId'],
  rationale: 'Nobody knows where to find a device that belongs to no site.',
  example: { serialNumber: 'BM-100234' },
  check(device, _context, report) {
    if (device.siteId !== null) return;
    report({
      field: 'siteId',
      message: 'The device belongs to no site.',
      currentValue: null,
      suggestedValue: null,
    });
  },
};
