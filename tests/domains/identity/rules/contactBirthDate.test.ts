import { describe, expect, it } from 'vitest';
import { contactBirthDateImplausible } from '../../../../src/domains/identity/rules/contactBirthDateImplausible.ts';
import { contactBirthDatePlaceholder } from '../../../../src/domains/identity/rules/contactBirthDatePlaceholder.ts';
import { contactWith, findingsOf, inUnitedStates } from './ruleTesting.ts';

describe('contact.birth-date.implausible', () => {
  const check = (birthDate: string | null) =>
    findingsOf(contactBirthDateImplausible, contactWith({ birthDate }));

  it.each([[null], ['1985-01-01'], ['2026-11-23'], ['1906-11-23'], ['2000-02-29']])(
    'is content with %j on 23 November 2026',
    (birthDate) => {
      expect(check(birthDate)).toEqual([]);
    },
  );

  it.each([
    ['2026-11-24', 'The birth date is in the future.'],
    ['2062-03-14', 'The birth date is in the future.'],
    ['12026-01-01', 'The birth date is in the future.'],
    ['1906-11-22', 'The birth date is more than 120 years ago.'],
    ['0019-03-14', 'The birth date is more than 120 years ago.'],
    ['1900-01-01', 'The birth date is one that systems write where none is known.'],
    ['0001-01-01', 'The birth date is one that systems write where none is known.'],
  ])('finds %s: %s', (birthDate, message) => {
    expect(check(birthDate)).toEqual([
      { field: 'birthDate', message, currentValue: birthDate, suggestedValue: null },
    ]);
  });

  it('goes by the age that is given', () => {
    const contact = contactWith({ birthDate: '1916-01-01' });
    const parameters = new Map([['contact.birth-date.implausible.maximumAge', 110]]);
    const context = { ...inUnitedStates, parameters };
    expect(findingsOf(contactBirthDateImplausible, contact)).toEqual([]);
    expect(findingsOf(contactBirthDateImplausible, contact, context)).toMatchObject([
      { message: 'The birth date is more than 110 years ago.' },
    ]);
  });

  it('finds any birth date of an organisation', () => {
    const contact = contactWith({ kind: 'ORGANISATION', birthDate: '1970-01-01' });
    expect(findingsOf(contactBirthDateImplausible, contact)).toHaveLength(1);
    expect(findingsOf(contactBirthDatePlaceholder, contact)).toEqual([]);
  });
});

describe('contact.birth-date.placeholder', () => {
  it.each([['1970-01-01'], ['1911-11-11']])('finds %s worth a look, and no error', (birthDate) => {
    const contact = contactWith({ birthDate });
    expect(findingsOf(contactBirthDateImplausible, contact)).toEqual([]);
    expect(findingsOf(contactBirthDatePlaceholder, contact)).toMatchObject([
      { field: 'birthDate', message: expect.stringContaining('worth a look') },
    ]);
  });

  it.each([[null], ['1970-01-02'], ['1980-01-01'], ['1900-01-01'], ['__proto__']])(
    'leaves %j alone',
    (birthDate) => {
      expect(findingsOf(contactBirthDatePlaceholder, contactWith({ birthDate }))).toEqual([]);
    },
  );
});
