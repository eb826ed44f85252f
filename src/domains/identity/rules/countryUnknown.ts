import type { RecordRule } from './rule.ts';
import { cleanText } from './values/cleanText.ts';
import { isCountryCode } from './values/country.ts';
import { countryCodeFor, mayMeanElse } from './values/countryNames.ts';

export const contactCountryUnknown = countryUnknown('contact');
export const siteCountryUnknown = countryUnknown('site');

function countryUnknown<T extends 'contact' | 'site'>(entityType: T): RecordRule<T> {
  return {
    kind: 'record',
    id: `${entityType}.country.unknown`,
    version: 3,
    entityType,
    severity: 'WARNING',
    description: `A ${entityType}’s country is an ISO 3166-1 alpha-2 code, such as US.`,
    fields: ['country'],
    rationale: 'Phones, postal codes and addresses are read by the rules of the country.',
    example: { country: 'Germany' },
    check({ country }, { defaultCountry }, report) {
      if (country === null || country === '' || isCountryCode(country)) return;
      const text = cleanText(country);
      report({
        field: 'country',
        message:
          text === ''
            ? 'The country is white space only.'
            : 'The country is not an ISO 3166-1 alpha-2 code.',
        currentValue: country,
        suggestedValue: text === '' ? '' : countryCodeFor(text),
        ...(mayMeanElse(text, defaultCountry) ? { certainty: 'LIKELY' as const } : {}),
      });
    },
  };
}
