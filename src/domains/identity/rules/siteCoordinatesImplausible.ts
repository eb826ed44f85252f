import type { SiteFields } from './entities.ts';
import type { FindingDraft, RecordRule } from './rule.ts';
import { type CoordinatesReading, type Remedy, readCoordinates } from './values/coordinates.ts';
import { countryName } from './values/country.ts';

export const siteCoordinatesImplausible: RecordRule<'site'> = {
  kind: 'record',
  id: 'site.coordinates.implausible',
  version: 2,
  entityType: 'site',
  severity: 'WARNING',
  description:
    'A site’s coordinates are in its country: within some 20 km of its borders or its territories’, or in the sea before its coast.',
  fields: ['latitude', 'longitude', 'country'],
  rationale: 'The site is missing from maps, and visits and weather are planned for another place.',
  example: { country: 'US', latitude: 41.8757, longitude: 87.6244 },
  check(site, context, report) {
    const reading = readCoordinates(site, context);
    const draft = describe(reading, site);
    if (draft !== null) report(draft);
  },
};

function describe(reading: CoordinatesReading, site: SiteFields): FindingDraft | null {
  switch (reading.kind) {
    case 'NONE':
    case 'INCOMPLETE':
    case 'PLAUSIBLE':
      return null;
    case 'ZERO':
      return finding(
        site,
        'latitude',
        'Latitude and longitude are both 0, as where none were given.',
      );
    case 'OUT_OF_RANGE': {
      const limit = reading.field === 'latitude' ? 90 : 180;
      const range = `The ${reading.field} is not between -${limit} and ${limit} degrees`;
      return finding(site, reading.field, `${range}${advice(reading.remedy)}.`);
    }
    case 'ELSEWHERE': {
      const { country, remedy } = reading;
      const field = remedy === 'LONGITUDE_SIGN' ? 'longitude' : 'latitude';
      const message = `The coordinates are not in the country given (${countryName(country)})${advice(remedy)}.`;
      return { ...finding(site, field, message), ...signChange(site, remedy) };
    }
  }
}

function finding(site: SiteFields, field: 'latitude' | 'longitude', message: string): FindingDraft {
  return { field, message, currentValue: String(site[field]), suggestedValue: null };
}

function advice(remedy: Remedy | null): string {
  switch (remedy) {
    case null:
      return '';
    case 'LATITUDE_SIGN':
      return '; they would be, if the sign of the latitude were changed';
    case 'LONGITUDE_SIGN':
      return '; they would be, if the sign of the longitude were changed';
    case 'BOTH_SIGNS':
      return '; they would be, if both signs were changed';
    case 'SWAPPED':
      return '; they would fit, if latitude and longitude were swapped';
  }
}

/** A finding is about one field, so what takes a change of two has no suggestion. */
function signChange(
  { latitude, longitude }: SiteFields,
  remedy: Remedy | null,
): Pick<FindingDraft, 'suggestedValue' | 'certainty'> | null {
  const value =
    remedy === 'LATITUDE_SIGN' ? latitude : remedy === 'LONGITUDE_SIGN' ? longitude : null;
  return value === null ? null : { suggestedValue: String(-value), certainty: 'LIKELY' };
}
