import type { ContactFields } from './entities.ts';
import type { FindingDraft, RecordRule } from './rule.ts';
import { cleanText } from './values/cleanText.ts';
import { hasEverydayNames } from './values/everydayName.ts';
import { fieldLabel } from './values/fieldLabel.ts';
import { implausibleName } from './values/implausibleName.ts';

type NameField = 'givenName' | 'familyName' | 'organisationName';

export const contactNameImplausible: RecordRule<'contact'> = {
  kind: 'record',
  id: 'contact.name.implausible',
  version: 2,
  entityType: 'contact',
  severity: 'WARNING',
  description:
    'A name is none of the words for a name that is not known, and no e-mail address, web address or phone number.',
  fields: ['kind', 'givenName', 'familyName', 'organisationName'],
  rationale: 'The contact is addressed by it, and found by nobody.',
  example: { givenName: 'Ada', familyName: 'n/a' },
  check(contact, _context, report) {
    if (contact.kind === 'ORGANISATION') {
      judge(contact, 'organisationName', report);
    } else if (!hasEverydayNames(contact)) {
      judge(contact, 'givenName', report);
      judge(contact, 'familyName', report);
    }
  },
};

function judge(
  contact: ContactFields,
  field: NameField,
  report: (finding: FindingDraft) => void,
): void {
  const value = contact[field];
  if (value === null) return;
  const name = cleanText(value);
  if (name === '') return;
  const problem = implausibleName(name, contact.kind === 'PERSON');
  if (problem === null) return;
  report({
    field,
    message: `The ${fieldLabel(field)} ${problem}.`,
    currentValue: value,
    suggestedValue: null,
  });
}
