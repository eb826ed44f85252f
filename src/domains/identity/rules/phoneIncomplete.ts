import type { RecordRule } from './rule.ts';
import { readPhone } from './values/phone.ts';

export const contactPhoneIncomplete = phoneIncomplete('contact');
export const sitePhoneIncomplete = phoneIncomplete('site');

function phoneIncomplete<T extends 'contact' | 'site'>(entityType: T): RecordRule<T> {
  return {
    kind: 'record',
    id: `${entityType}.phone.incomplete`,
    version: 1,
    entityType,
    severity: 'WARNING',
    description: `A ${entityType}’s phone number in North America has its area code.`,
    fields: ['phone', 'country'],
    rationale: 'A local number can be called from its own area only, and is another’s elsewhere.',
    example: { phone: '555-0123', country: 'US' },
    check({ phone, country }, context, report) {
      if (phone === null || readPhone(phone, country, context).kind !== 'LOCAL') return;
      report({
        field: 'phone',
        message: 'A local number without its area code: three digits are missing at the start.',
        currentValue: phone,
        suggestedValue: null,
      });
    },
  };
}
