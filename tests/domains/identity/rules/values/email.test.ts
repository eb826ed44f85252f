import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import fc from 'fast-check';
import validator from 'validator';
import { describe, expect, it } from 'vitest';
import { cleanText } from '../../../../../src/domains/identity/rules/values/cleanText.ts';
import {
  isEmailAddress,
  isEverydayAddress,
  mailboxOf,
} from '../../../../../src/domains/identity/rules/values/email.ts';

/** Every domain that validator's source names, so that none which it rewrites is missed. */
const namedDomains = [
  ...readFileSync(
    createRequire(import.meta.url).resolve('validator/lib/normalizeEmail.js'),
    'utf8',
  ).matchAll(/'([a-z]+(?:\.[a-z]+)+)'/g),
].flatMap(([, domain]) => domain ?? []);

/** The long way: what mailboxOf promises, without its short cut. */
function mailboxByLibrary(text: string): string | null {
  const address = cleanText(text);
  const mailbox = isEmailAddress(address) && validator.normalizeEmail(address);
  return mailbox === false ? null : mailbox;
}

const local = fc.oneof(
  fc.string({ unit: fc.constantFrom(...'aZ09._%+-"@ \u00fc\u200B'), maxLength: 20 }),
  fc.constantFrom('Ada.Marlow', 'ada+shop', 'ada-shop', '"a@b"', '+', '-'),
);
const domain = fc
  .oneof(
    fc.constantFrom(...namedDomains),
    fc.domain(),
    fc.constantFrom('me', 'gmail.co', 'aol.com'),
  )
  .chain((name) => fc.constantFrom(name, name.toUpperCase(), `mail.${name}`, `x${name}`));

describe('mailboxOf', () => {
  it('is what validator makes of an address, at every domain that it knows', () => {
    expect(namedDomains.length).toBeGreaterThan(50);
    for (const name of namedDomains) {
      for (const text of [`A.b+C-d@${name}`, `A.b+C-d@${name.toUpperCase()}`]) {
        expect(mailboxOf(text)).toBe(mailboxByLibrary(text));
      }
    }
  });

  it('is what validator makes of any text', () => {
    fc.assert(
      fc.property(local, domain, (name, host) => {
        const text = `${name}@${host}`;
        expect(mailboxOf(text)).toBe(mailboxByLibrary(text));
      }),
      { numRuns: 10_000 },
    );
  });
});

describe('isEverydayAddress', () => {
  it('accepts only clean texts', () => {
    fc.assert(
      fc.property(local, domain, (name, host) => {
        const text = `${name}@${host}`;
        if (isEverydayAddress(text)) expect(cleanText(text)).toBe(text);
      }),
      { numRuns: 5_000 },
    );
    expect(isEverydayAddress('ada@example.com\n')).toBe(false);
  });
});
