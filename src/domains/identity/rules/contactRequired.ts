import type { ContactFields } from './entities.ts';
import type { RecordRule } from './rule.ts';
import { isBlank } from './values/cleanText.ts';

export const contactRequired: RecordRule<'contact'> = {
  kind: 'record',
  id: 'contact.required',
  version: 2,
  entityType: 'contact',
  severity: 'ERROR',
  description: 'A person has a given or a family name, an organisation its name.',
  fields: ['kind', 'givenName', 'familyName', 'organisationName'],
  rationale: 'Nobody can tell who a contact without a name is, nor compare it with others.',
  example: { kind: 'ORGANISATION' },
  check(contact, _context, report) {
    if (contact.kind === 'ORGANISATION') {
      if (!isBlank(contact.organisationName)) return;
      report({
        field: 'organisationName',
        message: hasPersonName(contact)
          ? 'The organisation has no name but a person’s: it may be a person.'
          : 'The organisation has no name.',
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

function hasPersonName({ givenName, familyName }: ContactFields): boolean {
  return !isBlank(givenName) || !isBlank(familyName);
}
