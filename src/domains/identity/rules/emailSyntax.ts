import type { RecordRule } from './rule.ts';
import { cleanText } from './values/cleanText.ts';
import { isEmailAddress, isEverydayAddress } from './values/email.ts';

export const contactEmailSyntax = emailSyntax('contact');
export const siteEmailSyntax = emailSyntax('site');

function emailSyntax<T extends 'contact' | 'site'>(entityType: T): RecordRule<T> {
  return {
    kind: 'record',
    id: `${entityType}.email.syntax`,
    version: 1,
    entityType,
    severity: 'WARNING',
    description: `A ${entityType}’s e-mail address is one that can exist.`,
    fields: ['email'],
    rationale: 'Mail to an address that cannot exist never arrives, and nobody is told.',
    example: { email: 'ada@example' },
    check({ email }, _context, report) {
      if (email === null || isEverydayAddress(email)) return;
      const address = cleanText(email);
      if (address === '' || isEmailAddress(address)) return;
      report({
        field: 'email',
        message: describeProblem(address),
        currentValue: email,
        suggestedValue: null,
      });
    },
  };
}

function describeProblem(address: string): string {
  const [, domain, ...more] = address.split('@');
  if (domain === undefined) return 'The e-mail address has no @.';
  if (more.length > 0) return 'The e-mail address has more than one @.';
  if (address.includes(' ')) return 'The e-mail address has a space in it.';
  if (!domain.includes('.')) return 'The e-mail address has no full domain after the @.';
  return 'The e-mail address is not written as one can be.';
}
