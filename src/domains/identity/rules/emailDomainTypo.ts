import type { RecordRule } from './rule.ts';
import { isEmailAddress } from './values/email.ts';
import { hasSoundDomain, judgeEmail } from './values/emailDomain.ts';

export const contactEmailDomainTypo = emailDomainTypo('contact');
export const siteEmailDomainTypo = emailDomainTypo('site');

function emailDomainTypo<T extends 'contact' | 'site'>(entityType: T): RecordRule<T> {
  return {
    kind: 'record',
    id: `${entityType}.email.domain-typo`,
    version: 2,
    entityType,
    severity: 'WARNING',
    description: `The domain of a ${entityType}’s e-mail address is not one slip of a key away from a large provider’s, nor from the endings com, net and org where there is no such ending.`,
    fields: ['email'],
    rationale: 'Mail to a mistyped domain is lost, or read by whoever has registered it.',
    example: { email: 'ada@gmial.com' },
    check({ email }, _context, report) {
      if (email === null || hasSoundDomain(email)) return;
      const { likelyDomain, address, domain } = judgeEmail(email);
      if (likelyDomain === null || !isEmailAddress(address)) return;
      report({
        field: 'email',
        message: `The domain ${domain} looks like a slip of the keyboard; ${likelyDomain} is likely meant.`,
        currentValue: email,
        suggestedValue: address.slice(0, address.lastIndexOf('@') + 1) + likelyDomain,
        certainty: 'LIKELY',
      });
    },
  };
}
