import type { RecordRule } from './rule.ts';
import { cleanText } from './values/cleanText.ts';
import { readCoordinates } from './values/coordinates.ts';
import { countryName, isCountryCode } from './values/country.ts';
import {
  agreesWithCountry,
  agreesWithPlace,
  isTimeZone,
  onlyTimeZoneOf,
  timeZoneAt,
} from './values/timeZone.ts';

/** Their official time is used in all that they claim, whatever the map of zones says of Xinjiang or Crimea. */
const ONE_TIME_FOR_ALL: ReadonlySet<string> = new Set(['CN', 'UA']);

export const siteTimeZoneMismatch: RecordRule<'site'> = {
  kind: 'record',
  id: 'site.time-zone.mismatch',
  version: 1,
  entityType: 'site',
  severity: 'WARNING',
  description:
    'A site’s time zone has the same time, in summer and in winter, as the place where its coordinates are, or some place in its country where it has none.',
  fields: ['timeZone', 'latitude', 'longitude', 'country'],
  rationale: 'Appointments and readings there are hours off.',
  example: { timeZone: 'America/New_York', latitude: 41.8757, longitude: -87.6244 },
  check(site, context, report) {
    const zone = site.timeZone === null ? '' : cleanText(site.timeZone);
    if (zone === '' || !isTimeZone(zone)) return;
    const country = site.country === null ? '' : cleanText(site.country);
    const reading = readCoordinates(site, context);
    if (reading.kind === 'PLAUSIBLE') {
      const { latitude, longitude } = reading;
      if (agreesWithPlace(zone, latitude, longitude)) return;
      if (ONE_TIME_FOR_ALL.has(country) && agreesWithCountry(zone, country)) return;
      const local = timeZoneAt(latitude, longitude);
      report({
        field: 'timeZone',
        message: `Clocks at the site’s coordinates show another time${local === null ? '' : ` (${local})`}.`,
        currentValue: site.timeZone,
        ...likely(local),
      });
      return;
    }
    // Coordinates that contradict the country leave it open which of the two is right.
    if (reading.kind === 'ELSEWHERE' || reading.kind === 'OUT_OF_RANGE') return;
    if (!isCountryCode(country) || agreesWithCountry(zone, country)) return;
    report({
      field: 'timeZone',
      message: `Nowhere in the country given (${countryName(country)}) do clocks show the time of this zone all year.`,
      currentValue: site.timeZone,
      ...likely(onlyTimeZoneOf(country)),
    });
  },
};

function likely(zone: string | null) {
  return zone === null
    ? { suggestedValue: null }
    : ({ suggestedValue: zone, certainty: 'LIKELY' } as const);
}
