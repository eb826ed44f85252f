import { describe, expect, it } from 'vitest';
import { contactDuplicate } from '../../../../src/domains/identity/rules/contactDuplicate.ts';
import { deviceDuplicate } from '../../../../src/domains/identity/rules/deviceDuplicate.ts';
import type {
  ContactFields,
  DeviceFields,
  SiteFields,
} from '../../../../src/domains/identity/rules/entities.ts';
import { siteDuplicate } from '../../../../src/domains/identity/rules/siteDuplicate.ts';
import { contactWith, deviceWith, inUnitedStates, siteWith } from './ruleTesting.ts';

type Fields<T> = Partial<T>;

/** The fields in which two contacts are found to be the same. */
function contactsShare(one: Fields<ContactFields>, other: Fields<ContactFields>): string[] {
  const keysOf = (fields: Fields<ContactFields>) =>
    contactDuplicate.matchKeys(contactWith(fields), inUnitedStates);
  const keys = new Set(keysOf(one).map(({ key }) => key));
  return keysOf(other)
    .filter(({ key }) => keys.has(key))
    .map(({ field }) => field);
}

describe('contact.duplicate', () => {
  const alone = { phone: null };

  it.each([
    ['ada@example.com', 'ADA@Example.COM'],
    ['ada@example.com', ' ada@example.com\u200B'],
    ['ada.marlow@gmail.com', 'adamarlow+shop@googlemail.com'],
  ])('takes %j and %j for one mailbox', (email, other) => {
    expect(contactsShare({ ...alone, email }, { ...alone, email: other })).toEqual(['email']);
  });

  it.each([
    ['ada@example.com', 'bob@example.com'],
    ['ada+one@example.com', 'ada+two@example.com'],
    ['none', 'none'],
    ['', ''],
    [null, null],
  ])('does not take %j and %j for one mailbox', (email, other) => {
    expect(contactsShare({ ...alone, email }, { ...alone, email: other })).toEqual([]);
  });

  it('takes colleagues who share the mailbox of a role for two', () => {
    const role = { ...alone, email: 'info@example.com' };
    expect(contactsShare(role, { ...role, givenName: 'Bob' })).toEqual([]);
    expect(contactsShare(role, role)).toEqual(['email']);
  });

  const noEmail = { email: null };

  it.each([
    ['the same name', {}, {}],
    [
      'accents',
      { givenName: 'Zoë', familyName: 'Łukášová' },
      { givenName: 'Zoe', familyName: 'łukasova' },
    ],
    ['a sharp s', { familyName: 'Weißenborn' }, { familyName: 'WEISSENBORN' }],
    ['punctuation', { familyName: 'Marlow-Finch' }, { familyName: 'MARLOW FINCH' }],
    ['another way to write the number', { phone: '(212) 555-0123' }, { phone: '+12125550123' }],
    ['an extension', { phone: '212-555-0123 x4' }, {}],
    [
      'a name in Chinese',
      { givenName: '伟', familyName: '李' },
      { givenName: '伟', familyName: '李' },
    ],
  ])('takes the same phone number and name for one person: %s', (_, one, other) => {
    expect(contactsShare({ ...noEmail, ...one }, { ...noEmail, ...other })).toEqual(['phone']);
  });

  it('leaves people of one phone number and name with two birth dates to the comparison', () => {
    const [father, son] = [{ birthDate: '1951-03-14' }, { birthDate: '1978-09-30' }];
    expect(contactsShare({ ...noEmail, ...father }, { ...noEmail, ...son })).toEqual([]);
    expect(contactsShare({ ...noEmail, ...father }, { ...noEmail, ...father })).toEqual(['phone']);
  });

  it('takes organisations with the same phone number and name for one', () => {
    const one = { ...noEmail, kind: 'ORGANISATION', organisationName: 'Fernhill & Co.' } as const;
    const other = { ...one, organisationName: 'FERNHILL CO', givenName: 'Bea' };
    expect(contactsShare(one, other)).toEqual(['phone']);
  });

  it.each([
    ['share a phone only', {}, { givenName: 'Bea' }],
    ['share a name only', {}, { phone: '+12125550124' }],
    ['have no name', { givenName: null, familyName: null }, { givenName: null, familyName: ' ' }],
    ['have no phone', { phone: null }, { phone: null }],
    ['have an invalid phone', { phone: '2262649' }, { phone: '2262649' }],
    [
      'differ in a vowel sign',
      { givenName: 'कि', familyName: null },
      { givenName: 'की', familyName: null },
    ],
  ])('does not take two for one that %s', (_, one, other) => {
    expect(contactsShare({ ...noEmail, ...one }, { ...noEmail, ...other })).toEqual([]);
  });

  it('has no key for a contact without anything to match', () => {
    const contact = contactWith({ email: null, phone: null });
    expect(contactDuplicate.matchKeys(contact, inUnitedStates)).toEqual([]);
  });
});

describe('site.duplicate', () => {
  const keysOf = (fields: Fields<SiteFields>) =>
    siteDuplicate.matchKeys(siteWith(fields), inUnitedStates).map(({ key }) => key);

  it('takes the same name and address for one site, however they are written', () => {
    const one = { name: ' Salvation Army - Temple', addressLine1: '1 N Ogden Ave ' };
    const other = { name: 'SALVATION ARMY TEMPLE', addressLine1: '1 N. Ogden Ave.' };
    expect(keysOf(one)).toEqual(keysOf(other));
  });

  it.each([
    ['name', { name: 'Harbor Clinic East' }],
    ['street number', { streetNumber: '2' }],
    ['first line', { addressLine1: '2 North Ogden Avenue' }],
    ['second line', { addressLine2: 'Suite 4' }],
    ['locality', { locality: 'Cicero' }],
    ['region', { region: 'WI' }],
    ['postal code', { postalCode: '60608' }],
    ['country', { country: 'CA' }],
  ])('takes sites for two that differ in their %s', (_, fields) => {
    expect(keysOf(fields)).not.toEqual(keysOf({}));
  });

  it('does not confuse one field’s text with the next one’s', () => {
    expect(keysOf({ locality: 'Bath', region: null })).not.toEqual(
      keysOf({ locality: null, region: 'Bath' }),
    );
  });

  it.each([
    ['no name', { name: null }],
    ['a name without letters or digits', { name: '---' }],
    ['no first address line', { addressLine1: null, latitude: 41.9, longitude: -87.6 }],
  ])('matches nothing with %s', (_, fields) => {
    expect(keysOf(fields)).toEqual([]);
  });
});

describe('device.duplicate', () => {
  const keysOf = (fields: Fields<DeviceFields>) =>
    deviceDuplicate.matchKeys(deviceWith(fields), inUnitedStates).map(({ key }) => key);
  const bySerial = (serialNumber: string | null) => keysOf({ serialNumber, macAddress: null });
  const byMac = (macAddress: string | null) => keysOf({ serialNumber: null, macAddress });

  it('takes the same serial number for one device, whatever its case and separators', () => {
    expect(bySerial('BM-100 234')).toEqual(bySerial('bm100234'));
    expect(bySerial('BM-100234')).not.toEqual(bySerial('BM-100235'));
  });

  it('tells short numbers of two manufacturers apart', () => {
    const keyOf = (serialNumber: string, manufacturer: string | null) =>
      deviceDuplicate
        .matchKeys(deviceWith({ serialNumber, manufacturer, macAddress: null }), inUnitedStates)
        .map(({ key }) => key);
    expect(keyOf('100234', 'Brightmere')).not.toEqual(keyOf('100234', 'Oakline'));
    expect(keyOf('100234', 'Brightmere')).toEqual(keyOf('100-234', 'BRIGHTMERE'));
    expect(keyOf('BM-100234', 'Brightmere')).toEqual(keyOf('BM-100234', null));
  });

  it('takes the same MAC address for one device, however it is written', () => {
    expect(byMac('021b.4411.3ab7')).toEqual(byMac('02:1B:44:11:3A:B7'));
    expect(byMac('02:1B:44:11:3A:B8')).not.toEqual(byMac('02:1B:44:11:3A:B7'));
  });

  it.each([
    [null],
    [''],
    [' '],
    ['-'],
    ['N/A'],
    ['n.a.'],
    ['unknown'],
    ['0000'],
    ['X'],
    ['xxxx'],
    ['123456'],
    ['To be filled by O.E.M.'],
    ['Default string'],
  ])('matches nothing by the serial number %j', (serialNumber) => {
    expect(bySerial(serialNumber)).toEqual([]);
  });

  it.each([[null], [''], ['00:00:00:00:00:00'], ['FF-FF-FF-FF-FF-FF'], ['02:1B:44'], ['n/a']])(
    'matches nothing by the MAC address %j',
    (macAddress) => {
      expect(byMac(macAddress)).toEqual([]);
    },
  );

  it('gives a serial number and a MAC address that look alike different keys', () => {
    expect(bySerial('021B44113AB7')).not.toEqual(byMac('021B44113AB7'));
  });
});

describe('The fields that a duplicate rule names', () => {
  const complete = {
    contact: contactWith({ kind: 'PERSON', email: 'ada@example.com', phone: '+13125550142' }),
    organisation: contactWith({ kind: 'ORGANISATION', organisationName: 'Acme' }),
    site: siteWith({ name: 'Depot', addressLine1: 'Main St' }),
    device: deviceWith({ serialNumber: 'SN-48151623', macAddress: '00:1B:44:11:3A:B7' }),
  };

  it.each([
    ['contact', contactDuplicate, complete.contact],
    ['organisation', contactDuplicate, complete.organisation],
    ['site', siteDuplicate, complete.site],
    ['device', deviceDuplicate, complete.device],
  ])('are all that it reads of a %s', (_name, rule, entity) => {
    const read = new Set<PropertyKey>();
    const watched = new Proxy(entity, {
      get(target, field) {
        read.add(field);
        return Reflect.get(target, field);
      },
    });
    // Each rule is given an entity of its own type; the table's rows have lost which.
    Reflect.apply(rule.matchKeys, rule, [watched, inUnitedStates]);
    expect(rule.fields).toEqual(expect.arrayContaining([...read]));
  });
});
