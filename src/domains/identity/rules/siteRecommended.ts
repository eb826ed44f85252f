import type { SiteFields } from './entities.ts';
import type { RecordRule } from './rule.ts';
import { isBlank } from './values/cleanText.ts';

export const siteRecommended: RecordRule<'site'> = {
  kind: 'record',
  id: 'site.recommended',
  version: 1,
  entityType: 'site',
  severity: 'INFO',
  description:
    'A site has a country, unless the workspace has one; and an address line without coordinates comes with a locality or a postal code.',
  fields: ['addressLine1', 'locality', 'postalCode', 'country', 'latitude', 'longitude'],
  rationale: 'A street alone is in many towns, and a phone number is read by its country.',
  example: { addressLine1: '1 North Ogden Avenue', country: 'US' },
  check(site, { defaultCountry }, report) {
    const recommend = (field: 'locality' | 'country', message: string) =>
      report({ field, message, currentValue: site[field], suggestedValue: null });
    if (defaultCountry === null && isBlank(site.country)) {
      recommend('country', 'Neither the site nor the workspace has a country.');
    }
    if (isStreetAlone(site)) {
      recommend('locality', 'The address has neither a locality nor a postal code.');
    }
  },
};

function isStreetAlone(site: SiteFields): boolean {
  if (!isBlank(site.locality) || !isBlank(site.postalCode)) return false;
  return !isBlank(site.addressLine1) && (site.latitude === null || site.longitude === null);
}
