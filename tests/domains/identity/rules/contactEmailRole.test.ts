import { expect, it } from 'vitest';
import { contactEmailRole } from '../../../../src/domains/identity/rules/contactEmailRole.ts';
import { contactWith, findingsOf } from './ruleTesting.ts';

it.each([
  [
    'info@example.com',
    'The e-mail address is one of a role (info@), which others may read as well.',
  ],
  [
    'Sales@example.com',
    'The e-mail address is one of a role (sales@), which others may read as well.',
  ],
  [
    'front.desk@example.com',
    'The e-mail address is one of a role (frontdesk@), which others may read as well.',
  ],
  [
    ' kontakt@example.com',
    'The e-mail address is one of a role (kontakt@), which others may read as well.',
  ],
  [
    'info2@example.com',
    'The e-mail address is one of a role (info@), which others may read as well.',
  ],
  [
    'front-desk-01@example.com',
    'The e-mail address is one of a role (frontdesk@), which others may read as well.',
  ],
  [
    'sales+spring-catalogue-2026@example.com',
    'The e-mail address is one of a role (sales@), which others may read as well.',
  ],
  ['no-reply@example.com', 'Nobody reads what is sent to this e-mail address.'],
  ['do_not_reply@example.com', 'Nobody reads what is sent to this e-mail address.'],
])('finds %j and says why', (email, message) => {
  expect(findingsOf(contactEmailRole, contactWith({ email }))).toEqual([
    { field: 'email', message, currentValue: email, suggestedValue: null },
  ]);
});

it.each([
  ['ada@example.com'],
  ['ada.marlow@info.com'],
  ['info.marlow@example.com'],
  ['info77@example.com'],
  ['hr2@example.com'],
  ['ada+sales@example.com'],
  ['+info@example.com'],
  ['"info"@example.com'],
  ['info'],
  ['info@localhost'],
  [null],
])('is content with %j', (email) => {
  expect(findingsOf(contactEmailRole, contactWith({ email }))).toEqual([]);
});

it.each([
  ['an organisation', { kind: 'ORGANISATION', email: 'info@example.com' }],
  ['a person of that name', { familyName: 'Jobs', email: 'jobs@example.com' }],
  ['a person with these initials', { familyName: 'Ruiz', email: 'ar@example.com' }],
] as const)('is content with the address of %s', (_, fields) => {
  expect(findingsOf(contactEmailRole, contactWith(fields))).toEqual([]);
});
