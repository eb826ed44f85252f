import { describe, expect, it } from 'vitest';
import {
  contactPhoneIncomplete,
  sitePhoneIncomplete,
} from '../../../../src/domains/identity/rules/phoneIncomplete.ts';
import { contactPhoneInvalid } from '../../../../src/domains/identity/rules/phoneInvalid.ts';
import { contactWith, findingsOf, inCountry, siteWith } from './ruleTesting.ts';

const incomplete = (phone: string | null, country: string | null, defaultCountry: string | null) =>
  findingsOf(contactPhoneIncomplete, contactWith({ phone, country }), inCountry(defaultCountry));

describe('contact.phone.incomplete', () => {
  it.each([
    ['555-0123', 'US', null],
    ['2262649', 'US', null],
    [' 226 2649', 'CA', null],
    ['226.2649', null, 'JM'],
  ])(
    'finds that %j in %j lacks its area code, and is not invalid as well',
    (phone, country, to) => {
      expect(incomplete(phone, country, to)).toMatchObject([
        { field: 'phone', currentValue: phone, suggestedValue: null },
      ]);
      const contact = contactWith({ phone, country });
      expect(findingsOf(contactPhoneInvalid, contact, inCountry(to))).toEqual([]);
    },
  );

  it.each([
    [null, 'US'],
    ['', 'US'],
    ['+13122262649', 'US'],
    ['226-264', 'US'],
    ['126-2649', 'US'],
    ['911-2649', 'US'],
    ['+12262649', 'US'],
    ['2262649', 'DE'],
    ['2262649', null],
    ['2262649', 'Atlantis'],
  ])('has nothing to say about %j in %j', (phone, country) => {
    expect(incomplete(phone, country, null)).toEqual([]);
  });

  it('judges a site’s number the same way', () => {
    expect(findingsOf(sitePhoneIncomplete, siteWith({ phone: '226-2649' }))).toHaveLength(1);
  });
});
