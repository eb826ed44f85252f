import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  contactEmailDisposable,
  siteEmailDisposable,
} from '../../../../src/domains/identity/rules/emailDisposable.ts';
import {
  contactEmailDomainTypo,
  siteEmailDomainTypo,
} from '../../../../src/domains/identity/rules/emailDomainTypo.ts';
import {
  hasSoundDomain,
  judgeEmail,
} from '../../../../src/domains/identity/rules/values/emailDomain.ts';
import { contactWith, findingsOf, siteWith } from './ruleTesting.ts';

const typos = (email: string) => findingsOf(contactEmailDomainTypo, contactWith({ email }));
const disposable = (email: string) => findingsOf(contactEmailDisposable, contactWith({ email }));

describe('contact.email.domain-typo', () => {
  it.each([
    ['gmial.com', 'gmail.com'],
    ['gmai.com', 'gmail.com'],
    ['gmail.co', 'gmail.com'],
    ['gmail.con', 'gmail.com'],
    ['gmaill.com', 'gmail.com'],
    ['gnail.com', 'gmail.com'],
    ['GMIAL.COM', 'gmail.com'],
    ['hotmail.con', 'hotmail.com'],
    ['yaho.com', 'yahoo.com'],
    ['yahoo.couk', 'yahoo.co.uk'],
    ['outlok.com', 'outlook.com'],
    ['gmial.con', 'gmail.com'],
    ['fernhill.con', 'fernhill.com'],
    ['fernhill.ogr', 'fernhill.org'],
    ['fernhill.ocm', 'fernhill.com'],
    ['fernhill.vom', 'fernhill.com'],
    ['gmail.xom', 'gmail.com'],
    ['mail.fernhill.cmo', 'mail.fernhill.com'],
  ])('takes %s for a slip of %s', (domain, meant) => {
    expect(typos(`Ada@${domain}`)).toMatchObject([
      { field: 'email', suggestedValue: `Ada@${meant}`, certainty: 'LIKELY' },
    ]);
  });

  it.each([
    ...['gmail.com', 'mail.com', 'email.com', 'ymail.com', 'tmail.com', 'gmx.de', 'gmx.at'],
    ...['live.com', 'aol.com', 'aol.de', 'aon.com', 'bol.com', 'me.com', 'yahoo.de', 'hotmail.fr'],
    ...['outlook.de', 'yahoo.com.br', 'incloud.com', 'cloud.com', 'protonmail.ch', 'fernhill.co'],
    ...['fernhill.cm', 'fernhill.example', 'fernhill.local', 'xn--bcher-kva.example', 'bücher.de'],
  ])('takes %s for a domain', (domain) => {
    expect(typos(`ada@${domain}`)).toEqual([]);
  });

  it('leaves what is no address to the rule on syntax', () => {
    for (const email of ['gmial.com', 'ada marlow@gmial.com', '@gmial.com', '']) {
      expect(typos(email)).toEqual([]);
    }
  });

  it('judges a site’s address the same way', () => {
    const site = siteWith({ email: 'depot@gmial.com' });
    expect(findingsOf(siteEmailDomainTypo, site)).toHaveLength(1);
  });
});

describe('contact.email.disposable', () => {
  it.each([['mailinator.com'], ['Mailinator.com'], ['yopmail.com'], ['sub.mailinator.com']])(
    'finds an address of %s',
    (domain) => {
      expect(disposable(`ada@${domain}`)).toMatchObject([{ field: 'email', suggestedValue: null }]);
    },
  );

  it.each([
    ...['gmail.com', 'mail.com', 'gmx.de', 'example.com', 'duck.com', 'fastmail.com', 'qq.com'],
    ...['21cn.com', 'anonaddy.me', 'ada.anonaddy.com', 'tutanota.com', 'mailinator.com.example'],
  ])('is content with %s', (domain) => {
    expect(disposable(`ada@${domain}`)).toEqual([]);
  });

  it('reports a mistyped domain once, although somebody collects mail there', () => {
    expect(typos('ada@gmai.com')).toHaveLength(1);
    expect(disposable('ada@gmai.com')).toEqual([]);
  });

  it('judges a site’s address the same way', () => {
    const site = siteWith({ email: 'depot@mailinator.com' });
    expect(findingsOf(siteEmailDisposable, site)).toHaveLength(1);
  });
});

describe('hasSoundDomain', () => {
  const domain = fc.constantFrom(
    ...['example.com', 'EXAMPLE.com', 'a.example.com', 'xample.com', 'gmail.com', 'gmial.com'],
    ...['mailinator.com', 'x@example.com', 'example.com ', '\u200Bexample.com', 'com', ''],
  );
  const address = fc
    .tuple(fc.constantFrom('ada', ' ada', 'a@b', ''), fc.constantFrom('@', '@@', ''), domain)
    .map((parts) => parts.join(''));

  it('accepts only addresses in whose domain nothing is found, whichever came before', () => {
    fc.assert(
      fc.property(fc.array(address, { minLength: 1, maxLength: 20 }), (emails) => {
        for (const email of emails) {
          const isSound = hasSoundDomain(email);
          const { isDisposable, likelyDomain } = judgeEmail(email);
          if (isSound) expect([isDisposable, likelyDomain]).toEqual([false, null]);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('spares neighbours that share a sound domain', () => {
    judgeEmail('ada@example.com');
    expect(['ben@example.com', 'ben@gmail.com'].map(hasSoundDomain)).toEqual([true, false]);
  });
});
