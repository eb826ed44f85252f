import type { RecordRule } from './rule.ts';
import { isBlank } from './values/cleanText.ts';

export const contactRecommended: RecordRule<'contact'> = {
  kind: 'record',
  id: 'contact.recommended',
  version: 1,
  entityType: 'contact',
  severity: 'INFO',
  description:
    'A contact has an e-mail address or a phone number, and an address with a first line says its locality or postal code, and its country unless the workspace has one.',
  fields: ['email', 'phone', 'addressLine1', 'locality', 'postalCode', 'country'],
  rationale: 'Without these, nobody can write to the contact or call it, nor send it mail.',
  example: { givenName: 'Ada', familyName: 'Marlow' },
  check(contact, { defaultCountry }, report) {
    const missing = (field: 'email' | 'locality' | 'country', message: string) =>
      report({ field, message, currentValue: contact[field], suggestedValue: null });
    if (isBlank(contact.email) && isBlank(contact.phone)) {
      missing('email', 'The contact has neither an e-mail address nor a phone number.');
    }
    if (isBlank(contact.addressLine1)) return;
    if (isBlank(contact.locality) && isBlank(contact.postalCode)) {
      missing('locality', 'The address has neither a locality nor a postal code.');
    }
    if (defaultCountry === null && isBlank(contact.country)) {
      missing('country', 'The address has no country, and the workspace has none either.');
    }
  },
};
