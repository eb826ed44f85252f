import { type RecordDefect, spoilText } from './demoDefects.ts';

/** What can be wrong with who a contact is: kind, names and birth date. */
export const PERSON_DEFECTS: readonly RecordDefect<'contact'>[] = [
  {
    ruleId: 'contact.kind.mismatch',
    field: 'familyName',
    severity: 'WARNING',
    count: 5,
    spoil: ['Fernhill Bakeries Ltd', 'Lindenau Wohnbau GmbH', 'Northgate Storage LLC'].map(
      (name) =>
        ({ kind }) =>
          kind === 'PERSON' ? { givenName: null, familyName: name } : null,
    ),
  },
  {
    ruleId: 'contact.name.implausible',
    field: 'familyName',
    severity: 'WARNING',
    count: 6,
    spoil: [
      spoilText('familyName', () => 'n/a'),
      spoilText('familyName', () => 'unknown'),
      spoilText('familyName', () => 'Test'),
      spoilText('familyName', () => '.'),
      spoilText('familyName', () => 'xxx'),
      ({ familyName, email }) =>
        familyName === null || email === null ? null : { familyName: email },
    ],
  },
  {
    ruleId: 'contact.name.case',
    field: 'familyName',
    severity: 'INFO',
    count: 8,
    spoil: [
      // Shorter ones may be initials.
      spoilText('familyName', (name) => (name.length > 3 ? name.toUpperCase() : null)),
      spoilText('familyName', (name) => name.toLowerCase()),
    ],
  },
  {
    ruleId: 'contact.name.case',
    field: 'organisationName',
    severity: 'INFO',
    count: 4,
    spoil: [spoilText('organisationName', (name) => name.toUpperCase())],
  },
  {
    ruleId: 'contact.birth-date.implausible',
    field: 'birthDate',
    severity: 'WARNING',
    count: 6,
    spoil: [
      spoilText('birthDate', () => '1900-01-01'),
      // Two digits of the year, read as those of the century to come.
      spoilText('birthDate', (day) => `20${day.slice(2)}`.replace(/^200|^20[12]/, '206')),
    ],
  },
  {
    ruleId: 'contact.birth-date.placeholder',
    field: 'birthDate',
    severity: 'INFO',
    count: 4,
    spoil: [spoilText('birthDate', () => '1970-01-01')],
  },
  {
    ruleId: 'contact.recommended',
    field: 'email',
    severity: 'INFO',
    count: 6,
    spoil: [() => ({ email: null, phone: null })],
  },
  {
    ruleId: 'contact.email.role',
    field: 'email',
    severity: 'INFO',
    count: 6,
    spoil: ['info', 'sales', 'no-reply'].map(
      (role, index) =>
        ({ kind, familyName }) =>
          kind === 'PERSON' && familyName !== null
            ? {
                email: `${role}@${familyName.replace(/[^a-z]/gi, '').toLowerCase()}${index}.example.com`,
              }
            : null,
    ),
  },
];
