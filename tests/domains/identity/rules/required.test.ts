import { describe, expect, it } from 'vitest';
import { contactRequired } from '../../../../src/domains/identity/rules/contactRequired.ts';
import { deviceRequired } from '../../../../src/domains/identity/rules/deviceRequired.ts';
import { siteRequired } from '../../../../src/domains/identity/rules/siteRequired.ts';
import { contactWith, deviceWith, findingsOf, siteWith } from './ruleTesting.ts';

describe('contact.required', () => {
  it.each([
    ['both names', {}],
    ['a family name only', { givenName: null }],
    ['a given name only', { familyName: null }],
    ['a family name of one letter', { givenName: null, familyName: 'O' }],
    ['a name in Chinese', { givenName: null, familyName: '李' }],
    ['an organisation with its name', { kind: 'ORGANISATION', organisationName: 'Fernhill Ltd' }],
  ] as const)('is content with %s', (_, fields) => {
    expect(findingsOf(contactRequired, contactWith(fields))).toEqual([]);
  });

  it.each([
    ['no name at all', { givenName: null, familyName: null }],
    ['names of white space', { givenName: ' ', familyName: '\u00A0\t' }],
    ['an organisation’s name only', { givenName: null, familyName: null, organisationName: 'X' }],
  ])('finds a person with %s once, on the family name', (_, fields) => {
    expect(findingsOf(contactRequired, contactWith(fields))).toEqual([
      {
        field: 'familyName',
        message: 'The person has neither a given nor a family name.',
        currentValue: 'familyName' in fields ? fields.familyName : null,
        suggestedValue: null,
      },
    ]);
  });

  it('finds an organisation without its name, whatever its contact person is called', () => {
    const findings = findingsOf(
      contactRequired,
      contactWith({ kind: 'ORGANISATION', organisationName: '' }),
    );
    expect(findings.map(({ field }) => field)).toEqual(['organisationName']);
  });
});

describe('site.required', () => {
  it.each([
    ['a name and an address line', {}],
    [
      'coordinates in place of an address',
      { addressLine1: null, latitude: 41.9, longitude: -87.6 },
    ],
    ['coordinates on the equator', { addressLine1: null, latitude: 0, longitude: 32.5 }],
  ])('is content with %s', (_, fields) => {
    expect(findingsOf(siteRequired, siteWith(fields))).toEqual([]);
  });

  it.each([
    ['no name', { name: null }, ['name']],
    ['a blank name', { name: '   ' }, ['name']],
    ['no address line', { addressLine1: null }, ['addressLine1']],
    ['half a coordinate', { addressLine1: null, latitude: 41.9 }, ['addressLine1']],
    ['nothing', { name: null, addressLine1: ' ' }, ['name', 'addressLine1']],
  ])('finds each field that is missing: %s', (_, fields, expected) => {
    const findings = findingsOf(siteRequired, siteWith(fields));
    expect(findings.map(({ field }) => field)).toEqual(expected);
  });
});

describe('device.required', () => {
  it('is content with a serial number, even an odd one', () => {
    expect(findingsOf(deviceRequired, deviceWith({ serialNumber: '0' }))).toEqual([]);
  });

  it.each([[null], [''], ['  '], ['\u200B']])('finds the serial number %j missing', (value) => {
    const findings = findingsOf(deviceRequired, deviceWith({ serialNumber: value }));
    expect(findings).toEqual([
      {
        field: 'serialNumber',
        message: 'The device has no serial number.',
        currentValue: value,
        suggestedValue: null,
      },
    ]);
  });
});
