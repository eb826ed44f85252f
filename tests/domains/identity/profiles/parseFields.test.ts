import { describe, expect, it } from 'vitest';
import {
  parseFields,
  UnreadableValueError,
} from '../../../../src/domains/identity/profiles/parseFields.ts';

describe('reads', () => {
  it('text as it is, numbers as text, and blank cells as absent', () => {
    expect(
      parseFields('contact', { givenName: ' Ada ', familyName: '  ', postalCode: 8001 }),
    ).toMatchObject({ givenName: ' Ada ', familyName: null, postalCode: '8001', phone: null });
  });

  it.each([
    [{}, 'PERSON'],
    [{ organisationName: 'Acme' }, 'ORGANISATION'],
    [{ organisationName: 'Acme', familyName: 'Meier' }, 'PERSON'],
    [{ kind: 'organisation' }, 'ORGANISATION'],
  ])('the kind of %j as %s', (raw, kind) => {
    expect(parseFields('contact', raw).kind).toBe(kind);
  });

  it('coordinates, dates and states', () => {
    expect(parseFields('site', { latitude: '1e-7', longitude: '2.5E-10' })).toMatchObject({
      ...{ latitude: 1e-7, longitude: 2.5e-10 },
    });
    const small = '-0.0000010000028441011301';
    expect(parseFields('site', { latitude: small }).latitude).toBe(Number(small));
    expect(parseFields('site', { latitude: '47.3769', longitude: '-8' })).toMatchObject({
      latitude: 47.3769,
      longitude: -8,
    });
    expect(parseFields('device', { installedOn: '2024-02-29', status: 'retired' })).toMatchObject({
      installedOn: '2024-02-29',
      status: 'RETIRED',
    });
  });
});

describe('says what was expected of', () => {
  it.each([
    ['site', 'latitude', '91', 'degrees from -90 to 90'],
    ['site', 'longitude', '-180.5', 'degrees from -180 to 180'],
    ['site', 'latitude', '9'.repeat(400), 'degrees'],
    ['site', 'latitude', '47,3', 'degrees'],
    ['site', 'ownerId', 'C-17', 'UUID'],
    ['contact', 'birthDate', '31.12.1980', 'YYYY-MM-DD'],
    ['contact', 'birthDate', '2023-02-29', 'YYYY-MM-DD'],
    ['contact', 'birthDate', '0000-01-01', 'YYYY-MM-DD'],
    ['contact', 'kind', 'robot', 'PERSON, ORGANISATION'],
    ['contact', 'externalId', 'x'.repeat(10_000), 'at most 1000 characters'],
    ['device', 'status', 'on fire', 'PLANNED, ACTIVE, INACTIVE, RETIRED'],
    ['device', 'serialNumber', { a: 1 }, 'a text'],
  ] as const)('%s.%s %s', (entityType, field, value, expected) => {
    const read = () => parseFields(entityType, { [field]: value });
    expect(read).toThrow(UnreadableValueError);
    expect(read).toThrow(expected);
    expect(read).toThrow(field);
  });
});
