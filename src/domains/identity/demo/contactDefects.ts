import { addressDefects } from './addressDefects.ts';
import { type Defects, spoilText, strayWhitespace } from './demoDefects.ts';

/** What is wrong with contacts of the demo workspace. */
export const CONTACT_DEFECTS: Defects<'contact'> = {
  records: [
    {
      ruleId: 'contact.required',
      field: 'familyName',
      severity: 'ERROR',
      count: 8,
      spoil: [({ kind }) => (kind === 'PERSON' ? { givenName: null, familyName: null } : null)],
    },
    {
      ruleId: 'contact.required',
      field: 'organisationName',
      severity: 'ERROR',
      count: 6,
      spoil: [({ kind }) => (kind === 'ORGANISATION' ? { organisationName: null } : null)],
    },
    {
      ruleId: 'contact.email.syntax',
      field: 'email',
      severity: 'WARNING',
      count: 24,
      spoil: [
        spoilText('email', (email) => email.replace('@', '')),
        spoilText('email', (email) => email.replace('@', '@@')),
        spoilText('email', (email) => email.replace('@', ' at ')),
        spoilText('email', (email) => email.replace(/@.*/, '@localhost')),
        spoilText('email', (email) => email.replace(/\.(\w+)$/, ',$1')),
        spoilText('email', (email) => `${email}.`),
        spoilText('email', (email) => `mailto:${email}`),
        spoilText('email', () => 'none'),
      ],
    },
    ...addressDefects('contact', {
      phoneInvalid: 20,
      phoneFormat: 28,
      postalCode: 14,
      country: 16,
    }),
    strayWhitespace('contact', 'givenName', 5),
    strayWhitespace('contact', 'familyName', 5),
    strayWhitespace('contact', 'organisationName', 3),
    strayWhitespace('contact', 'email', 4),
    strayWhitespace('contact', 'addressLine1', 7),
  ],
  duplicates: [
    {
      ruleId: 'contact.duplicate',
      field: 'email',
      severity: 'WARNING',
      count: 8,
      copies: 1,
      copy: ({ email }) => (email === null ? null : { email: email.toUpperCase() }),
    },
    {
      ruleId: 'contact.duplicate',
      field: 'email',
      severity: 'WARNING',
      count: 1,
      copies: 2,
      copy: ({ email }) => (email === null ? null : { email }),
    },
    {
      ruleId: 'contact.duplicate',
      field: 'phone',
      severity: 'WARNING',
      count: 6,
      copies: 1,
      copy: ({ kind, givenName, familyName, phone }, other) =>
        kind === 'PERSON' && other.kind === 'PERSON' && phone !== null
          ? { phone, givenName, familyName: familyName?.toUpperCase() ?? null }
          : null,
    },
  ],
};
