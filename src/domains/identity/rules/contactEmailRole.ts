import type { ContactFields } from './entities.ts';
import type { RecordRule } from './rule.ts';
import { cleanText } from './values/cleanText.ts';
import { isEmailAddress } from './values/email.ts';
import { matchText } from './values/matchText.ts';
import { roleOf, UNREAD } from './values/roleMailbox.ts';

export const contactEmailRole: RecordRule<'contact'> = {
  kind: 'record',
  id: 'contact.email.role',
  version: 2,
  entityType: 'contact',
  severity: 'INFO',
  description: 'A person’s e-mail address is their own, and not that of a role such as info@.',
  fields: ['kind', 'givenName', 'familyName', 'email'],
  rationale: 'Others read what is written to it, and it stays when the person leaves.',
  example: { givenName: 'Ada', familyName: 'Marlow', email: 'info@example.com' },
  check(contact, _context, report) {
    const { email } = contact;
    if (email === null || contact.kind !== 'PERSON') return;
    const role = roleOf(email);
    if (role === undefined || isNamedSo(contact, role)) return;
    const address = cleanText(email);
    if (!isEmailAddress(address)) return;
    report({
      field: 'email',
      message:
        role === UNREAD
          ? 'Nobody reads what is sent to this e-mail address.'
          : `The e-mail address is one of a role (${role}@), which others may read as well.`,
      currentValue: email,
      suggestedValue: null,
    });
  },
};

/** Whether the person is called like the role, as Ms Jobs is, or has it for initials: A. R. for `ar`. */
function isNamedSo({ givenName, familyName }: ContactFields, role: string): boolean {
  const names = [matchText(givenName), matchText(familyName)];
  const initials = names
    .join(' ')
    .split(' ')
    .map((word) => word.slice(0, 1));
  return initials.join('') === role || names.some((name) => name.replaceAll(' ', '') === role);
}
