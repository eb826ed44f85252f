import type { RecordRule } from './rule.ts';
import { isBlank } from './values/cleanText.ts';

export const siteRequired: RecordRule<'site'> = {
  kind: 'record',
  id: 'site.required',
  version: 1,
  entityType: 'site',
  severity: 'ERROR',
  description: 'A site has a name, and a first address line or coordinates.',
  fields: ['name', 'addressLine1', 'latitude', 'longitude'],
  rationale: 'A site that has no name or place cannot be found on a list or on a map.',
  example: { addressLine1: '1 North Ogden Avenue' },
  check(site, _context, report) {
    if (isBlank(site.name)) {
      report({
        field: 'name',
        message: 'The site has no name.',
        currentValue: site.name,
        suggestedValue: null,
      });
    }
    const hasCoordinates = site.latitude !== null && site.longitude !== null;
    if (!hasCoordinates && isBlank(site.addressLine1)) {
      report({
        field: 'addressLine1',
        message: 'The site has neither a first address line nor coordinates.',
        currentValue: site.addressLine1,
        suggestedValue: null,
      });
    }
  },
};
