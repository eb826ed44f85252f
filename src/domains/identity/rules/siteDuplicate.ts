import type { DuplicateRule } from './rule.ts';
import { matchText } from './values/matchText.ts';

export const siteDuplicate: DuplicateRule<'site'> = {
  kind: 'duplicate',
  id: 'site.duplicate',
  version: 1,
  entityType: 'site',
  severity: 'WARNING',
  description: 'No other site has the same name and the same address.',
  fields: [
    'name',
    'streetNumber',
    'addressLine1',
    'addressLine2',
    'locality',
    'region',
    'postalCode',
    'country',
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
