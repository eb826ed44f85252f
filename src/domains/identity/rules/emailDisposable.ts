import type { RecordRule } from './rule.ts';
import { isEmailAddress } from './values/email.ts';
import { hasSoundDomain, judgeEmail } from './values/emailDomain.ts';

export const contactEmailDisposable = emailDisposable('contact');
export const siteEmailDisposable = emailDisposable('site');

function emailDisposable<T extends 'contact' | 'site'>(entityType: T): RecordRule<T> {
  return {
    kind: 'record',
    id: `${entityType}.email.disposable`,
    version: 2,
    entityType,
    severity: 'WARNING',
    description: `A ${entityType}’s e-mail address is none of a provider of throw-away addresses.`,
    fields: ['email'],
    rationale: 'Such a mailbox is gone after minutes or days, or anybody can read it.',
    example: { email: 'ada@mailinator.com' },
    check({ email }, _context, report) {
      if (email === null || hasSoundDomain(email)) return;
      const { isDisposable, address, domain } = judgeEmail(email);
      if (!isDisposable || !isEmailAddress(address)) return;
      report({
        field: 'email',
        message: `Addresses of ${domain} are throw-away ones: nobody may read them for long.`,
        currentValue: email,
        suggestedValue: null,
      });
    },
  };
}
