import { addressDefects } from './addressDefects.ts';
import { type Defects, spoilText, strayWhitespace } from './demoDefects.ts';
import { emailDefects } from './emailDefects.ts';

/** What is wrong with sites of the demo workspace. */
export const SITE_DEFECTS: Defects<'site'> = {
  records: [
    {
      ruleId: 'site.required',
      field: 'name',
      severity: 'ERROR',
      count: 5,
      spoil: [() => ({ name: null })],
    },
    {
      ruleId: 'site.required',
      field: 'addressLine1',
      severity: 'ERROR',
      count: 4,
      spoil: [({ latitude }) => (latitude === null ? { addressLine1: null } : null)],
    },
    ...emailDefects('site', { syntax: 4, domainTypo: 4, disposable: 4 }),
    ...addressDefects('site', {
      phoneInvalid: 8,
      phoneIncomplete: 8,
      phoneFormat: 12,
      phoneCountry: 4,
      phoneType: 4,
      doubled: 4,
      postalCode: 8,
      country: 8,
    }),
    {
      ruleId: 'site.recommended',
      field: 'locality',
      severity: 'INFO',
      count: 8,
      spoil: [
        ({ latitude, addressLine1 }) =>
          latitude === null && addressLine1 !== null ? { locality: null, postalCode: null } : null,
      ],
    },
    {
      ruleId: 'site.owner.missing',
      field: 'ownerId',
      severity: 'INFO',
      count: 10,
      spoil: [() => ({ ownerId: null })],
    },
    {
      ruleId: 'site.coordinates.incomplete',
      field: 'longitude',
      severity: 'WARNING',
      count: 8,
      spoil: [
        ({ addressLine1, longitude }) =>
          addressLine1 === null || longitude === null ? null : { longitude: null },
      ],
    },
    {
      ruleId: 'site.coordinates.implausible',
      field: 'latitude',
      severity: 'WARNING',
      count: 6,
      spoil: [
        ({ latitude, longitude }) =>
          latitude === null || longitude === null || Math.abs(longitude) > 90
            ? null
            : { latitude: longitude, longitude: latitude },
        ({ latitude }) => (latitude === null ? null : { latitude: 0, longitude: 0 }),
        ({ latitude }) => (latitude === null ? null : { latitude: -latitude }),
      ],
    },
    {
      ruleId: 'site.coordinates.implausible',
      field: 'longitude',
      severity: 'WARNING',
      count: 4,
      // Where the sign matters most, it is most often lost.
      spoil: [
        ({ longitude }) =>
          longitude === null || longitude > -60 ? null : { longitude: -longitude },
      ],
    },
    {
      ruleId: 'site.time-zone.unknown',
      field: 'timeZone',
      severity: 'WARNING',
      count: 9,
      spoil: [
        spoilText('timeZone', (zone) => zone.toLowerCase()),
        spoilText('timeZone', (zone) => (zone.includes('_') ? zone.replace('_', ' ') : null)),
        spoilText('timeZone', (zone) => (zone === 'America/Chicago' ? 'CST' : null)),
      ],
    },
    {
      ruleId: 'site.time-zone.mismatch',
      field: 'timeZone',
      severity: 'WARNING',
      count: 9,
      spoil: [
        ({ latitude, timeZone }) =>
          latitude === null || timeZone !== 'America/Los_Angeles'
            ? null
            : { timeZone: 'America/New_York' },
        spoilText('timeZone', (zone) => (zone.startsWith('Europe/') ? 'America/New_York' : null)),
        spoilText('timeZone', (zone) => (zone.startsWith('America/') ? 'UTC' : null)),
      ],
    },
    strayWhitespace('site', 'name', 7),
    strayWhitespace('site', 'addressLine1', 7),
    strayWhitespace('site', 'locality', 3),
  ],
  duplicates: [
    {
      ruleId: 'site.duplicate',
      field: 'name',
      severity: 'WARNING',
      count: 6,
      copies: 1,
      copy: ({ name, addressLine1, ...original }) =>
        name === null || addressLine1 === null
          ? null
          : {
              name: name.toUpperCase(),
              streetNumber: original.streetNumber,
              addressLine1: `${addressLine1}.`,
              addressLine2: original.addressLine2,
              locality: original.locality,
              region: original.region,
              postalCode: original.postalCode,
              country: original.country,
              // Of the same country as the address.
              phone: original.phone,
              latitude: original.latitude,
              longitude: original.longitude,
              timeZone: original.timeZone,
            },
    },
  ],
};
