import type { ContactFields } from './entities.ts';
import type { RecordRule } from './rule.ts';
import { cleanText } from './values/cleanText.ts';
import { companyWordIn } from './values/companyWords.ts';
import { hasEverydayNames } from './values/everydayName.ts';
import { fieldLabel } from './values/fieldLabel.ts';
import { legalFormAtEnd } from './values/legalForm.ts';
import { isPersonName } from './values/personName.ts';

export const contactKindMismatch: RecordRule<'contact'> = {
  kind: 'record',
  id: 'contact.kind.mismatch',
  version: 2,
  entityType: 'contact',
  severity: 'WARNING',
  description:
    'A person’s name has nothing that only names of companies have, such as Ltd, Plumbing or & Sons, and an organisation’s is not written as a person’s, as “Mr John Smith” and “Smith, John” are.',
  fields: ['kind', 'givenName', 'familyName', 'organisationName'],
  rationale:
    'A company kept as a person, or a person kept as a company, is addressed wrongly, and not found among its like.',
  example: { kind: 'PERSON', familyName: 'Fernhill Bakeries Ltd' },
  check(contact, _context, report) {
    if (contact.kind === 'PERSON' && hasEverydayNames(contact)) return;
    const field = contact.kind === 'PERSON' ? companyField(contact) : personField(contact);
    if (field === null) return;
    report({
      field,
      message: describe(contact, field),
      currentValue: contact[field],
      suggestedValue: null,
    });
  },
};

type NameField = 'familyName' | 'givenName' | 'organisationName';

/** The field of a person's name that says a company's; the other may have the rest of it. */
function companyField({ familyName, givenName }: ContactFields): NameField | null {
  if (familyName !== null && isCompanyName(familyName)) return 'familyName';
  return givenName !== null && isCompanyName(givenName) ? 'givenName' : null;
}

function isCompanyName(value: string): boolean {
  const name = cleanText(value);
  return legalFormAtEnd(name) !== null || companyWordIn(name) !== null;
}

function personField({ organisationName }: ContactFields): NameField | null {
  if (organisationName === null) return null;
  return isPersonName(cleanText(organisationName)) ? 'organisationName' : null;
}

function describe(contact: ContactFields, field: NameField): string {
  const label = fieldLabel(field);
  if (field === 'organisationName') {
    return `The ${label} is written as a person’s name is: this may be a person.`;
  }
  const name = cleanText(contact[field] ?? '');
  const form = legalFormAtEnd(name);
  return form === null
    ? `The ${label} has “${companyWordIn(name)}” in it, as names of companies do: this may be an organisation.`
    : `The ${label} ends in ${form}, as names of companies do: this may be an organisation.`;
}
