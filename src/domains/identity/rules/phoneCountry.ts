import type { RecordRule } from './rule.ts';
import { cleanText } from './values/cleanText.ts';
import { countryName, isCountryCode } from './values/country.ts';
import { readPhone } from './values/phone.ts';
import { isNumberUsedIn, isSettledNumber, phoneCountryOf } from './values/phoneCountry.ts';

export const contactPhoneCountry = phoneCountry('contact');
export const sitePhoneCountry = phoneCountry('site');

function phoneCountry<T extends 'contact' | 'site'>(entityType: T): RecordRule<T> {
  return {
    kind: 'record',
    id: `${entityType}.phone.country`,
    version: 2,
    entityType,
    severity: 'INFO',
    description: `A ${entityType}’s phone number, unless it is one to carry along, is of the country of the address or of one close by, as far as the calling code tells, or with +1 the area code: of those nobody can tell which are mobile.`,
    fields: ['phone', 'country'],
    rationale: 'Where the two countries differ, one of them may be of another place or person.',
    example: { phone: '+493023125555', country: 'FR' },
    check({ phone, country }, context, report) {
      // The workspace's country stands for one that is not given, and contradicts nothing.
      if (phone === null || country === null) return;
      const code = isCountryCode(country) ? country : cleanText(country);
      const reading = readPhone(phone, country, context);
      if (reading.kind !== 'VALID' || isNumberUsedIn(reading.e164, code)) return;
      if (!isCountryCode(code) || !isSettledNumber(reading.e164)) return;
      const numberCountry = phoneCountryOf(reading.e164);
      if (numberCountry === null) return;
      report({
        field: 'phone',
        message: `The country of the phone number (${countryName(numberCountry)}) is not that of the address (${countryName(code)}): worth a look.`,
        currentValue: phone,
        suggestedValue: null,
      });
    },
  };
}
