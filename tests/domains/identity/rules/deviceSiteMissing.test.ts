import { expect, it } from 'vitest';
import { deviceSiteMissing } from '../../../../src/domains/identity/rules/deviceSiteMissing.ts';
import { deviceWith, findingsOf } from './ruleTesting.ts';

it('is content with a device that has a site', () => {
  expect(findingsOf(deviceSiteMissing, deviceWith({}))).toEqual([]);
});

it('finds a device without a site', () => {
  expect(findingsOf(deviceSiteMissing, deviceWith({ siteId: null }))).toEqual([
    {
      field: 'siteId',
      message: 'The device belongs to no site.',
      currentValue: null,
      suggestedValue: null,
    },
  ]);
});
