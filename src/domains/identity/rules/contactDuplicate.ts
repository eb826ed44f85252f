import { duplicateThreshold } from './duplicateThreshold.ts';
import type { ContactFields } from './entities.ts';
import type { DuplicateRule, MatchKey, RuleContext } from './rule.ts';
import { mailboxOf } from './values/email.ts';
import { matchText } from './values/matchText.ts';
import { readPhone } from './values/phone.ts';
import { roleOf } from './values/roleMailbox.ts';

const CONTACT_THRESHOLD = duplicateThreshold('contact.duplicate');

export const contactDuplicate: DuplicateRule<'contact'> = {
  kind: 'duplicate',
  id: 'contact.duplicate',
  version: 4,
  entityType: 'contact',
  severity: 'WARNING',
  description:
    'No other contact has the same e-mail address (for people with that of a role, such as info@, the same name as well), or the same phone number and name together (for people with the same birth date, or none), or is probably the same by its name, birth date, address, phone number and e-mail address.',
  rationale: 'Two records of one contact are each half true, and the contact is written to twice.',
  example:
    'Two contacts have the e-mail address ada@example.com. Or Catherine Oneil and Kathryn O’Neil live at 12 Main St and were born on the same day: probably the same (99 %).',
  parameters: [CONTACT_THRESHOLD],
  threshold: CONTACT_THRESHOLD,
  fields: [
    'kind',
    'givenName',
    'familyName',
    'organisationName',
    'email',
    'phone',
    'streetNumber',
    'addressLine1',
    'addressLine2',
    'locality',
    'region',
    'postalCode',
    'country',
    'birthDate',
  ],
  matchKeys(contact, context) {
    return [emailKey(contact), phoneAndNameKey(contact, context)].filter((key) => key !== null);
  },
};

function emailKey(contact: ContactFields): MatchKey | null {
  const { email } = contact;
  if (email === null) return null;
  // Placeholders such as "none" are no mailbox: many share them who have nothing else in common.
  const mailbox = mailboxOf(email);
  if (mailbox === null) return null;
  // Colleagues share the mailbox of a role: only who is called the same as well is the same.
  if (contact.kind === 'PERSON' && roleOf(mailbox) !== undefined) {
    const name = contactName(contact);
    const key = `email:${mailbox}|${name}`;
    return name === '' ? null : { field: 'email', key, label: 'e-mail address and name' };
  }
  return { field: 'email', key: `email:${mailbox}`, label: 'e-mail address' };
}

/**
 * A phone alone is no key: households and offices share theirs. Nor is it with a name where birth
 * dates differ, as those of father and son: whether one is a typo is for the comparison to say.
 */
function phoneAndNameKey(contact: ContactFields, context: RuleContext): MatchKey | null {
  if (contact.phone === null) return null;
  const name = contactName(contact);
  if (name === '') return null;
  const reading = readPhone(contact.phone, contact.country, context);
  if (reading.kind !== 'VALID') return null;
  const key = `phone:${reading.e164}|${name}|${contact.birthDate ?? ''}`;
  return { field: 'phone', key, label: 'phone number and name' };
}

/** The name by which contacts are compared; empty where it has none. */
export function contactName(contact: ContactFields): string {
  return contact.kind === 'ORGANISATION'
    ? matchText(contact.organisationName)
    : `${matchText(contact.givenName)} ${matchText(contact.familyName)}`.trim();
}
