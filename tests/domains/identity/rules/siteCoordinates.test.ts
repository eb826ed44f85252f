import { describe, expect, it } from 'vitest';
import { siteCoordinatesImplausible } from '../../../../src/domains/identity/rules/siteCoordinatesImplausible.ts';
import { siteCoordinatesIncomplete } from '../../../../src/domains/identity/rules/siteCoordinatesIncomplete.ts';
import { findingsOf, inCountry, siteWith } from './ruleTesting.ts';

const implausible = (
  country: string | null,
  latitude: number | null,
  longitude: number | null,
  defaultCountry: string | null = null,
) =>
  findingsOf(
    siteCoordinatesImplausible,
    siteWith({ country, latitude, longitude }),
    inCountry(defaultCountry),
  );

describe('site.coordinates.implausible', () => {
  it.each<[string, number | null, number | null, string]>([
    ['US', 41.8757, -87.6244, 'Chicago'],
    ['US', null, null, 'nothing'],
    ['US', 41.8757, null, 'half of them, which is incomplete'],
    ['US', 18.466, -66.106, 'San Juan: Puerto Rico is a territory of the United States'],
    ['PR', 18.466, -66.106, 'San Juan, by its own code'],
    ['FR', -20.88, 55.45, 'Réunion'],
    ['CN', 22.3, 114.17, 'Hong Kong, by China’s code'],
    ['GB', 49.19, -2.11, 'Jersey'],
    ['DE', 47.56, 7.59, 'Basel, where the German station is'],
    ['CH', 47.7, 8.69, 'Büsingen, which Switzerland surrounds'],
    ['DE', 54.0, 6.35, 'a wind farm in the North Sea'],
    ['GB', 54.7, 2.3, 'the Dogger Bank, which has a time zone of a country'],
    ['NL', 51.95, 4.0, 'the harbour of Rotterdam'],
    ['GH', 5.6, -0.2, 'Accra, close to zero'],
    ['FJ', -16.8, -179.99, 'Fiji, beyond the date line'],
    ['RU', 44.95, 34.1, 'Simferopol'],
    ['UA', 44.95, 34.1, 'Simferopol'],
    ['AQ', -77.85, 166.67, 'McMurdo Station'],
    ['SJ', 78.22, 15.65, 'Longyearbyen'],
    ['Atlantis', 41.8757, -87.6244, 'a country that is none'],
  ])('takes for %s %j, %j: %s', (country, latitude, longitude) => {
    expect(implausible(country, latitude, longitude)).toEqual([]);
  });

  it('says so of 0, 0', () => {
    expect(implausible('US', 0, 0)).toMatchObject([
      { field: 'latitude', currentValue: '0', suggestedValue: null },
    ]);
  });

  it.each([
    [91, 10, 'latitude', 'The latitude is not between -90 and 90 degrees.'],
    [10, -181, 'longitude', 'The longitude is not between -180 and 180 degrees.'],
    [
      -122.33,
      47.6,
      'latitude',
      'The latitude is not between -90 and 90 degrees; they would fit, if latitude and longitude were swapped.',
    ],
  ])('refuses %j, %j, which is out of range', (latitude, longitude, field, message) => {
    expect(implausible('US', latitude, longitude)).toMatchObject([{ field, message }]);
  });

  it('suggests the sign that was lost', () => {
    expect(implausible('US', 41.8757, 87.6244)).toEqual([
      {
        field: 'longitude',
        message:
          'The coordinates are not in the country given (United States); they would be, if the sign of the longitude were changed.',
        currentValue: '87.6244',
        suggestedValue: '-87.6244',
        certainty: 'LIKELY',
      },
    ]);
    expect(implausible('AU', 33.87, 151.21)).toMatchObject([
      { field: 'latitude', suggestedValue: '-33.87' },
    ]);
  });

  it('only says so where it takes a change of both: a finding is about one field', () => {
    const [swapped, ...others] = implausible('US', -87.6244, 41.8757);
    expect(others).toEqual([]);
    expect(swapped?.message).toContain('if latitude and longitude were swapped');
    expect(swapped?.suggestedValue).toBeNull();
    expect(implausible('BR', 23.55, 46.63)[0]?.message).toContain('if both signs were changed');
  });

  it('does not guess where no single mistake explains it', () => {
    expect(implausible('NL', 48.85, 2.35)).toMatchObject([
      {
        message: 'The coordinates are not in the country given (Netherlands).',
        suggestedValue: null,
      },
    ]);
  });

  it('takes a site without a country to be abroad, unless a sign was lost', () => {
    expect(implausible(null, 52.52, 13.4, 'US')).toEqual([]);
    expect(implausible(null, 41.8757, 87.6244, 'US')).toHaveLength(1);
    expect(implausible(null, 41.8757, 87.6244, null)).toEqual([]);
  });
});

describe('site.coordinates.incomplete', () => {
  const incomplete = (latitude: number | null, longitude: number | null) =>
    findingsOf(siteCoordinatesIncomplete, siteWith({ latitude, longitude }));

  it('is content with both or neither', () => {
    expect([...incomplete(null, null), ...incomplete(41.9, -87.6)]).toEqual([]);
  });

  it('names the one that is missing', () => {
    expect(incomplete(0, null)).toMatchObject([{ field: 'longitude', currentValue: null }]);
    expect(incomplete(null, 0)).toMatchObject([{ field: 'latitude', currentValue: null }]);
  });
});
