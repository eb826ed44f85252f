import { describe, expect, it } from 'vitest';
import type { SiteFields } from '../../../../src/domains/identity/rules/entities.ts';
import { siteTimeZoneMismatch } from '../../../../src/domains/identity/rules/siteTimeZoneMismatch.ts';
import { siteTimeZoneUnknown } from '../../../../src/domains/identity/rules/siteTimeZoneUnknown.ts';
import { findingsOf, siteWith } from './ruleTesting.ts';

const CHICAGO = { latitude: 41.8757, longitude: -87.6244 };

const unknown = (fields: Partial<SiteFields>) => findingsOf(siteTimeZoneUnknown, siteWith(fields));
const mismatch = (fields: Partial<SiteFields>) =>
  findingsOf(siteTimeZoneMismatch, siteWith(fields));

describe('site.time-zone.unknown', () => {
  it.each([
    [null],
    [''],
    ['  '],
    ['America/Chicago'],
    ['America/Chicago '],
    ['US/Eastern'],
    ['Asia/Calcutta'],
    ['Europe/Kyiv'],
    ['America/Argentina/Ushuaia'],
    ['UTC'],
    ['Etc/GMT+5'],
    ['EST5EDT'],
  ])('takes %j', (timeZone) => {
    expect(unknown({ timeZone })).toEqual([]);
  });

  it.each([
    ['america/chicago', 'America/Chicago'],
    ['America/New York', 'America/New_York'],
    ['US\\Eastern', 'US/Eastern'],
    ['utc', 'UTC'],
  ])('is certain that %j is %j', (timeZone, suggestedValue) => {
    const [finding] = unknown({ timeZone });
    expect(finding).toMatchObject({ field: 'timeZone', currentValue: timeZone, suggestedValue });
    expect(finding?.certainty).toBeUndefined();
  });

  it.each([
    ['CST', CHICAGO, 'America/Chicago'],
    ['+01:00', { country: 'DE' }, 'Europe/Berlin'],
    ['Los Angeles', {}, 'America/Los_Angeles'],
    ['Factory', { country: 'DE' }, 'Europe/Berlin'],
  ])('thinks it likely that %j of %j is %j', (timeZone, fields, suggestedValue) => {
    expect(unknown({ timeZone, ...fields })).toMatchObject([
      { suggestedValue, certainty: 'LIKELY' },
    ]);
  });

  it.each([['CST'], ['Central Standard Time'], ['GMT+1'], ['__proto__'], ['toString']])(
    'does not guess what %j is somewhere in the United States',
    (timeZone) => {
      expect(unknown({ timeZone, country: 'US' })).toMatchObject([{ suggestedValue: null }]);
    },
  );
});

describe('site.time-zone.mismatch', () => {
  it.each<[string, Partial<SiteFields>]>([
    ['America/Chicago', CHICAGO],
    ['US/Central', CHICAGO],
    ['America/Winnipeg', CHICAGO],
    ['America/Detroit', { latitude: 40.73, longitude: -73.99 }],
    ['America/Phoenix', { latitude: 33.45, longitude: -112.07 }],
    // In the Navajo Nation, whose border with Arizona is some kilometres away.
    ['America/Denver', { latitude: 35.7, longitude: -109.5 }],
    ['Asia/Shanghai', { country: 'CN', latitude: 43.82, longitude: 87.6 }],
    ['Asia/Urumqi', { country: 'CN', latitude: 43.82, longitude: 87.6 }],
    ['Europe/Kyiv', { country: 'UA', latitude: 44.95, longitude: 34.1 }],
    // On the high seas ships keep what time they like.
    ['Europe/London', { country: null, latitude: 30, longitude: -45 }],
    ['Europe/Berlin', { country: 'NL' }],
    ['America/Puerto_Rico', { country: 'US' }],
    ['Asia/Calcutta', { country: 'IN' }],
    ['Asia/Tokyo', { country: 'Atlantis' }],
    ['Asia/Tokyo', { country: null }],
    ['nowhere', CHICAGO],
  ])('takes %j with %j', (timeZone, fields) => {
    expect(mismatch({ timeZone, ...fields })).toEqual([]);
  });

  it('goes by the coordinates, and names the zone there', () => {
    expect(mismatch({ timeZone: 'America/New_York', ...CHICAGO })).toEqual([
      {
        field: 'timeZone',
        message: 'Clocks at the site’s coordinates show another time (America/Chicago).',
        currentValue: 'America/New_York',
        suggestedValue: 'America/Chicago',
        certainty: 'LIKELY',
      },
    ]);
  });

  it('tells zones apart that differ in summer only', () => {
    const denver = { timeZone: 'America/Denver', latitude: 33.45, longitude: -112.07 };
    expect(mismatch(denver)).toMatchObject([{ suggestedValue: 'America/Phoenix' }]);
  });

  it('goes by the country where there are no coordinates', () => {
    expect(mismatch({ timeZone: 'Asia/Tokyo', country: 'DE' })).toMatchObject([
      {
        message:
          'Nowhere in the country given (Germany) do clocks show the time of this zone all year.',
        suggestedValue: 'Europe/Berlin',
        certainty: 'LIKELY',
      },
    ]);
    expect(mismatch({ timeZone: 'UTC', country: 'US' })).toMatchObject([{ suggestedValue: null }]);
  });

  it('leaves it to the rule on coordinates where these contradict the country', () => {
    expect(mismatch({ timeZone: 'Asia/Tokyo', latitude: 41.9, longitude: 87.6 })).toEqual([]);
  });
});
