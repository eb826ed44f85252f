import type { RecordRule } from './rule.ts';
import { readPhone } from './values/phone.ts';

export const contactPhoneFormat = phoneFormat('contact');
export const sitePhoneFormat = phoneFormat('site');

function phoneFormat<T extends 'contact' | 'site'>(entityType: T): RecordRule<T> {
  return {
    kind: 'record',
    id: `${entityType}.phone.format`,
    version: 2,
    entityType,
    severity: 'INFO',
    description: `A ${entityType}’s phone number is written in E.164, such as +12125550123.`,
    fields: ['phone', 'country'],
    rationale: 'One spelling makes numbers comparable, and lets them be dialled from any country.',
    example: { phone: '(212) 555-0123', country: 'US' },
    check({ phone, country }, context, report) {
      if (phone === null || phone === '') return;
      const reading = readPhone(phone, country, context);
      if (reading.kind === 'BLANK') {
        report({
          field: 'phone',
          message: 'The phone number is white space only.',
          currentValue: phone,
          suggestedValue: '',
        });
        return;
      }
      // E.164 has no place for an extension, so a number with one is fine as it stands.
      if (reading.kind !== 'VALID' || reading.hasExtension || reading.e164 === phone) return;
      report({
        field: 'phone',
        message: 'The phone number is not written in E.164.',
        currentValue: phone,
        suggestedValue: reading.e164,
      });
    },
  };
}
