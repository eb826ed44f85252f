import fc from 'fast-check';
import validator from 'validator';
import { describe, expect, it } from 'vitest';
import { contactEmailSyntax } from '../../../../src/domains/identity/rules/emailSyntax.ts';
import { isEmailAddress } from '../../../../src/domains/identity/rules/values/email.ts';
import { contactWith, findingsOf } from './ruleTesting.ts';

const check = (email: string | null) => findingsOf(contactEmailSyntax, contactWith({ email }));

describe('contact.email.syntax', () => {
  it.each([
    [null],
    [''],
    ['   '],
    ['ada@example.com'],
    ['ADA.Marlow@EXAMPLE.COM'],
    ['ada+newsletter@example.com'],
    ["siobhan.o'brien@example.ie"],
    ['"ada marlow"@example.com'],
    ['ada@mail.eu-west.example.co.uk'],
    ['info@bücher.example'],
    ['info@xn--bcher-kva.example'],
    ['用户@例子.广告'],
    ['jörg@example.de'],
    ['a@b.co'],
    [`${'a'.repeat(64)}@example.com`],
    [' ada@example.com '],
    ['ada@example.com\u200B'],
  ])('is content with %j', (email) => {
    expect(check(email)).toEqual([]);
  });

  it.each([
    ['ada.example.com', 'The e-mail address has no @.'],
    ['n/a', 'The e-mail address has no @.'],
    ['ada@example@com', 'The e-mail address has more than one @.'],
    ['ada@example.com, bob@example.com', 'The e-mail address has more than one @.'],
    ['ada marlow@example.com', 'The e-mail address has a space in it.'],
    ['ada@example .com', 'The e-mail address has a space in it.'],
    ['ada@localhost', 'The e-mail address has no full domain after the @.'],
    ['ada@', 'The e-mail address has no full domain after the @.'],
    ['@example.com', 'The e-mail address is not written as one can be.'],
    ['ada@example..com', 'The e-mail address is not written as one can be.'],
    ['ada.@example.com', 'The e-mail address is not written as one can be.'],
    ['ada@example.com.', 'The e-mail address is not written as one can be.'],
    ['ada@example.c', 'The e-mail address is not written as one can be.'],
    ['ada@-example.com', 'The e-mail address is not written as one can be.'],
    ['ada@example,com', 'The e-mail address has no full domain after the @.'],
    ['<ada@example.com>', 'The e-mail address is not written as one can be.'],
    ['mailto:ada@example.com', 'The e-mail address is not written as one can be.'],
    [`${'a'.repeat(65)}@example.com`, 'The e-mail address is not written as one can be.'],
  ])('finds %j and says why', (email, message) => {
    expect(check(email)).toEqual([
      { field: 'email', message, currentValue: email, suggestedValue: null },
    ]);
  });
});

describe('isEmailAddress', () => {
  const alphabet = fc.constantFrom(...'aZ09._%+-@@..!"\u00fc\u212a\u0131 ');
  const nearlyAddress = fc.oneof(
    fc.string({ unit: alphabet, maxLength: 40 }),
    fc
      .tuple(fc.string({ unit: alphabet, maxLength: 70 }), fc.domain())
      .map(([local, domain]) => `${local}@${domain}`),
    fc.emailAddress(),
    fc
      .tuple(fc.integer({ min: 60, max: 68 }), fc.integer({ min: 60, max: 66 }), fc.nat(4))
      .map(([local, label, labels]) =>
        [`${'a'.repeat(local)}@`, ...Array(labels).fill(`${'b'.repeat(label)}.`), 'com'].join(''),
      ),
  );

  it('agrees with validator on every address: its short cut accepts nothing else', () => {
    fc.assert(
      fc.property(nearlyAddress, (address) => {
        expect(isEmailAddress(address)).toBe(validator.isEmail(address));
      }),
      { numRuns: 5_000 },
    );
  });
});
