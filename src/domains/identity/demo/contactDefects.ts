import { addressDefects } from './addressDefects.ts';
import { type Defects, strayWhitespace } from './demoDefects.ts';
import { emailDefects } from './emailDefects.ts';
import { PERSON_DEFECTS } from './personDefects.ts';

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
    ...PERSON_DEFECTS,
    ...emailDefects('contact', { syntax: 24, domainTypo: 8, disposable: 5 }),
    ...addressDefects('contact', {
      phoneInvalid: 16,
      phoneIncomplete: 8,
      phoneFormat: 28,
      phoneCountry: 6,
      phoneType: 4,
      doubled: 6,
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
      copy: ({ kind, givenName, familyName, birthDate, phone, country }, other) =>
        kind === 'PERSON' && other.kind === 'PERSON' && phone !== null && country === other.country
          ? { phone, givenName, familyName, birthDate }
          : null,
    },
  ],
};
