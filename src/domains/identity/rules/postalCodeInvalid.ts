import type { RecordRule } from './rule.ts';
import { cleanText } from './values/cleanText.ts';
import { countryName, countryToJudgeBy } from './values/country.ts';
import { isPostalCodeOf } from './values/postalCode.ts';

export const contactPostalCodeInvalid = postalCodeInvalid('contact');
export const sitePostalCodeInvalid = postalCodeInvalid('site');

function postalCodeInvalid<T extends 'contact' | 'site'>(entityType: T): RecordRule<T> {
  return {
    kind: 'record',
    id: `${entityType}.postal-code.invalid`,
    version: 2,
    entityType,
    severity: 'WARNING',
    description: `A ${entityType}’s postal code is written like those of its country.`,
    fields: ['postalCode', 'country'],
    rationale: 'Mail and map look-ups go astray by a postal code that is none.',
    example: { postalCode: '6060', country: 'US' },
    check({ postalCode, country }, context, report) {
      if (postalCode === null) return;
      const code = cleanText(postalCode);
      if (code === '') return;
      const judgedBy = countryToJudgeBy(country, context);
      if (judgedBy === null || isPostalCodeOf(judgedBy, code)) return;
      report({
        field: 'postalCode',
        message: `Postal codes are not written like this in the country given (${countryName(judgedBy)}).`,
        currentValue: postalCode,
        suggestedValue: null,
      });
    },
  };
}
