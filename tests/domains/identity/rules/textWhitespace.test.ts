import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EntityType } from '../../../../src/domains/identity/rules/entities.ts';
import {
  contactTextWhitespace,
  deviceTextWhitespace,
  siteTextWhitespace,
} from '../../../../src/domains/identity/rules/textWhitespace.ts';
import { TEXT_FIELDS } from '../../../../src/domains/identity/rules/values/textFields.ts';
import { contactWith, deviceWith, findingsOf, siteWith } from './ruleTesting.ts';

describe('contact.text.whitespace', () => {
  it.each([
    ['Ada'],
    ['Anna Maria'],
    ["O'Neil-Marsh"],
    ['山田 太郎'],
    ['می\u200Cخواهم'],
    ['क्\u200Dष'],
    ['Zoe\u0308'],
    [''],
    [null],
  ])('is content with the name %j', (givenName) => {
    expect(findingsOf(contactTextWhitespace, contactWith({ givenName }))).toEqual([]);
  });

  it.each([
    [' Ada', 'Ada', 'has spaces at the start or end'],
    ['Ada ', 'Ada', 'has spaces at the start or end'],
    ['Anna  Maria', 'Anna Maria', 'has double spaces'],
    ['Anna\u00A0Maria', 'Anna Maria', 'has unusual spaces'],
    ['山田\u3000太郎', '山田 太郎', 'has unusual spaces'],
    ['Anna\tMaria', 'Anna Maria', 'has tabs'],
    ['Anna\r\nMaria', 'Anna Maria', 'has line breaks'],
    ['Anna\u0007Maria', 'Anna Maria', 'has control characters'],
    ['Ada\u200B', 'Ada', 'has invisible characters'],
    ['\uFEFFAda', 'Ada', 'has invisible characters'],
    ['Ma\u00ADrlow', 'Marlow', 'has invisible characters'],
    [' Anna\n Maria', 'Anna Maria', 'has line breaks, spaces at the start or end'],
    [' \u00A0 ', '', 'is white space only'],
  ])('finds %j, suggests %j and says what cannot be seen', (value, suggestedValue, problem) => {
    const findings = findingsOf(contactTextWhitespace, contactWith({ givenName: value }));
    expect(findings).toEqual([
      {
        field: 'givenName',
        message: `The given name ${problem}.`,
        currentValue: value,
        suggestedValue,
      },
    ]);
  });

  it('says something of every text it finds', () => {
    const stray = fc.constantFrom(
      ...' \t\v\f\r\n\u0000\u0085\u00A0\u00AD\u200B\u2028\u2029\u2060\u3000\uFEFF',
    );
    fc.assert(
      fc.property(stray, stray, fc.constantFrom('', 'x'), (before, within, letter) => {
        const givenName = `${before}${letter}${within}y`;
        for (const { message } of findingsOf(contactTextWhitespace, contactWith({ givenName }))) {
          expect(message).toMatch(/^The given name has \w.*\.$/);
        }
      }),
    );
  });

  it('reports each field on its own, and leaves those with a format rule to that', () => {
    const contact = contactWith({
      email: 'ada@example.com ',
      addressLine1: '1 North\nOgden Avenue',
      phone: ' +12125550123',
      country: ' US',
    });
    const findings = findingsOf(contactTextWhitespace, contact);
    expect(findings.map(({ field }) => field)).toEqual(['email', 'addressLine1']);
    expect(findings[1]?.message).toBe('The address line 1 has line breaks.');
  });
});

describe('site.text.whitespace', () => {
  it('finds stray white space in a site’s texts', () => {
    const findings = findingsOf(siteTextWhitespace, siteWith({ name: ' Salvation Army' }));
    expect(findings).toMatchObject([{ field: 'name', suggestedValue: 'Salvation Army' }]);
  });
});

describe('device.text.whitespace', () => {
  it('finds stray white space in a device’s texts, but not in its MAC address', () => {
    const device = deviceWith({ serialNumber: 'BM-1 ', macAddress: ' 02:1B:44:11:3A:B7' });
    const findings = findingsOf(deviceTextWhitespace, device);
    expect(findings).toMatchObject([{ field: 'serialNumber', suggestedValue: 'BM-1' }]);
  });
});

describe('every free text', () => {
  const fieldsOf = (entityType: EntityType) =>
    TEXT_FIELDS[entityType].map(({ name }): [string] => [name]);

  it.each(fieldsOf('contact'))('of a contact is looked at: %s', (field) => {
    const contact = contactWith({ [field]: 'two  words' });
    expect(findingsOf(contactTextWhitespace, contact)).toMatchObject([{ field }]);
  });

  it.each(fieldsOf('site'))('of a site is looked at: %s', (field) => {
    const site = siteWith({ [field]: 'two  words' });
    expect(findingsOf(siteTextWhitespace, site)).toMatchObject([{ field }]);
  });

  it.each(fieldsOf('device'))('of a device is looked at: %s', (field) => {
    const device = deviceWith({ [field]: 'two  words' });
    expect(findingsOf(deviceTextWhitespace, device)).toMatchObject([{ field }]);
  });
});
