import type { RecordRule } from './rule.ts';
import { isBlank } from './values/cleanText.ts';

export const contactRequired: RecordRule<'contact'> = {
  kind: 'record',
  id: 'contact.required',
  version: 1,
  entityType: 'contact',
  severity: 'ERROR',
  description: 'A person has a given or a family name, an organisation its name.',
  check(contact, _context, report) {
    if (contact.kind === 'ORGANISATION') {
      if (!isBlank(contact.organisationName)) return;
      report({
        field: 'organisationName',
        message: 'The organisation has no name.',
        currentValue: contact.organisationName,
        suggestedValue: null,
      });
    } else if (isBlank(contact.familyName) && isBlank(contact.givenName)) {
      report({
        field: 'familyName',
        message: 'The person has neither a given nor a family name.',
        currentValue: contact.familyName,
        suggestedValue: null,
      });
    }
  },
};
