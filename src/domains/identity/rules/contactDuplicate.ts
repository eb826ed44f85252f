import type { ContactFields } from './entities.ts';
import type { DuplicateRule, MatchKey, RuleContext } from './rule.ts';
import { mailboxOf } from './values/email.ts';
import { matchText } from './values/matchText.ts';
import { readPhone } from './values/phone.ts';

export const contactDuplicate: DuplicateRule<'contact'> = {
  kind: 'duplicate',
  id: 'contact.duplicate',
  version: 1,
  entityType: 'contact',
  severity: 'WARNING',
  description:
    'No other contact has the same e-mail address, or the same phone number and name together.',
  fields: ['kind', 'givenName', 'familyName', 'organisationName', 'email', 'phone', 'country'],
  matchKeys(contact, context) {
    return [emailKey(contact), phoneAndNameKey(contact, context)].filter((key) => key !== null);
  },
};

function emailKey({ email }: ContactFields): MatchKey | null {
  if (email === null) return null;
  // Placeholders such as "none" are no mailbox: many share them who have nothing else in common.
  const mailbox = mailboxOf(email);
  return mailbox === null
    ? null
    : { field: 'email', key: `email:${mailbox}`, label: 'e-mail address' };
}

/** A phone alone is no key: households and offices share theirs. */
function phoneAndNameKey(contact: ContactFields, context: RuleContext): MatchKey | null {
  if (contact.phone === null) return null;
  const name = nameOf(contact);
  if (name === '') return null;
  const reading = readPhone(contact.phone, contact.country, context);
  if (reading.kind !== 'VALID') return null;
  return { field: 'phone', key: `phone:${reading.e164}|${name}`, label: 'phone number and name' };
}

function nameOf(contact: ContactFields): string {
  return contact.kind === 'ORGANISATION'
    ? matchText(contact.organisationName)
    : `${matchText(contact.givenName)} ${matchText(contact.familyName)}`.trim();
}
