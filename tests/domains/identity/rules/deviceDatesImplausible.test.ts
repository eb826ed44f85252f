import { describe, expect, it } from 'vitest';
import { deviceDatesImplausible } from '../../../../src/domains/identity/rules/deviceDatesImplausible.ts';
import type { DeviceFields } from '../../../../src/domains/identity/rules/entities.ts';
import { deviceWith, findingsOf, inUnitedStates } from './ruleTesting.ts';

// On 2026-11-23, by the context of these tests.
const dates = (fields: Partial<DeviceFields>, parameters = new Map<string, number>()) =>
  findingsOf(deviceDatesImplausible, deviceWith(fields), { ...inUnitedStates, parameters });

describe('device.dates.implausible', () => {
  it.each<[Partial<DeviceFields>]>([
    [{}],
    [{ installedOn: '2024-05-01', warrantyEndsOn: '2029-05-01' }],
    [{ installedOn: '2024-05-01', warrantyEndsOn: '2024-05-01' }],
    [{ installedOn: '2026-11-23' }],
    // It is this day already in Auckland.
    [{ installedOn: '2026-11-24' }],
    [{ installedOn: '2027-03-01', status: 'PLANNED' }],
    [{ installedOn: '1980-01-02' }],
    // Some warranties last for a lifetime.
    [{ warrantyEndsOn: '9999-12-31' }],
  ])('takes %j', (fields) => {
    expect(dates(fields)).toEqual([]);
  });

  it.each<[Partial<DeviceFields>, string, string]>([
    [
      { installedOn: '2023-05-04', warrantyEndsOn: '2021-05-03' },
      'warrantyEndsOn',
      'The warranty ended before the device was installed.',
    ],
    [
      { installedOn: '2027-03-01' },
      'installedOn',
      'The device is to be installed in the future, but is not planned.',
    ],
    [
      { installedOn: '1970-01-01', warrantyEndsOn: '2029-05-01' },
      'installedOn',
      'This is the day that computers write where a date is missing.',
    ],
    [
      { installedOn: '0024-05-01' },
      'installedOn',
      'This is before 1980, when no such device was there.',
    ],
    [
      { installedOn: '2023-05-04', warrantyEndsOn: '1970-01-01' },
      'warrantyEndsOn',
      'This is the day that computers write where a date is missing.',
    ],
  ])('reports %j once', (fields, field, message) => {
    expect(dates(fields)).toMatchObject([{ field, message, suggestedValue: null }]);
  });

  it('goes by another first year where one is set', () => {
    const earliest = new Map([['device.dates.implausible.earliestYear', 2015]]);
    expect(dates({ installedOn: '2014-12-31' }, earliest)).toHaveLength(1);
    expect(dates({ installedOn: '2015-01-01' }, earliest)).toEqual([]);
  });
});
