import { duplicateThreshold } from './duplicateThreshold.ts';
import type { DuplicateRule } from './rule.ts';
import { matchText } from './values/matchText.ts';

const SITE_THRESHOLD = duplicateThreshold('site.duplicate');

export const siteDuplicate: DuplicateRule<'site'> = {
  kind: 'duplicate',
  id: 'site.duplicate',
  version: 4,
  entityType: 'site',
  severity: 'WARNING',
  description:
    'No other site has the same name and the same address, or is probably the same by its name, address, position, phone number and e-mail address.',
  rationale: 'Devices and visits of one place are spread over two records.',
  example:
    'Two sites are called Harbor Clinic, at the same address. Or Harbor Clinic and Harbour Clinic Inc. share a phone number, at 1 Main St and 1 Main Street: probably the same (99 %).',
  parameters: [SITE_THRESHOLD],
  threshold: SITE_THRESHOLD,
  fields: [
    'name',
    'phone',
    'email',
    'streetNumber',
    'addressLine1',
    'addressLine2',
    'locality',
    'region',
    'postalCode',
    'country',
    'latitude',
    'longitude',
  ],
  matchKeys(site) {
    const name = matchText(site.name);
    const addressLine1 = matchText(site.addressLine1);
    if (name === '' || addressLine1 === '') return [];
    const rest = [
      site.streetNumber,
      site.addressLine2,
      site.locality,
      site.region,
      site.postalCode,
      site.country,
    ].map(matchText);
    const key = `site:${[name, addressLine1, ...rest].join('|')}`;
    return [{ field: 'name', key, label: 'name and address' }];
  },
};
