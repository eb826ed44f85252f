import { isSupportedCountry, Metadata } from 'libphonenumber-js/max';
import type { RecordRule } from './rule.ts';
import { countryName } from './values/country.ts';
import { type InvalidPhone, readPhone } from './values/phone.ts';

export const contactPhoneInvalid = phoneInvalid('contact');
export const sitePhoneInvalid = phoneInvalid('site');

function phoneInvalid<T extends 'contact' | 'site'>(entityType: T): RecordRule<T> {
  return {
    kind: 'record',
    id: `${entityType}.phone.invalid`,
    version: 4,
    entityType,
    severity: 'ERROR',
    description: `A ${entityType}’s phone number is one that can be in use in its country.`,
    fields: ['phone', 'country'],
    rationale: 'A call or a text message to such a number reaches nobody.',
    example: { phone: '212-555-01234', country: 'US' },
    check({ phone, country }, context, report) {
      if (phone === null) return;
      const reading = readPhone(phone, country, context);
      if (reading.kind !== 'INVALID') return;
      report({
        field: 'phone',
        message: describeProblem(reading),
        currentValue: phone,
        suggestedValue: null,
      });
    },
  };
}

function describeProblem({ problem, country }: InvalidPhone): string {
  const numbers = country === null ? 'with this calling code' : `(${countryName(country)})`;
  switch (problem) {
    case 'TOO_SHORT':
      return `Too short for a phone number ${numbers}${lengthNeeded(country)}.`;
    case 'TOO_LONG':
      return `Too long for a phone number ${numbers}${lengthNeeded(country)}.`;
    case 'INVALID_LENGTH':
      return `No phone number ${numbers} has this number of digits.`;
    case 'INVALID_COUNTRY':
      return 'No country has the calling code that this phone number starts with.';
    case 'EMERGENCY':
      return `An emergency number ${numbers} is nobody’s own.`;
    case 'NOT_A_NUMBER':
      return 'This cannot be read as one phone number.';
    case null:
      return `Right in length, but no phone number ${numbers} starts like this.`;
  }
}

/** Says how many digits a number must have, where a country has one length only. */
function lengthNeeded(country: string | null): string {
  if (country === null || !isSupportedCountry(country)) return '';
  const metadata = new Metadata();
  metadata.selectNumberingPlan(country);
  const [length, ...others] = metadata.numberingPlan?.possibleLengths() ?? [];
  return length === undefined || others.length > 0
    ? ''
    : `: it takes ${length} digits, area code included`;
}
