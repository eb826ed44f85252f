import tzLookup from '@photostructure/tz-lookup';
import { getAllTimezones, getTimezonesForCountry, type Timezone } from 'countries-and-timezones';
import { territoriesOf } from './borders.ts';

/** All names of the IANA time zone database, links such as `US/Eastern` included. */
const zones: Readonly<Record<string, Timezone>> = getAllTimezones({
  deprecated: true,
});

/** Placeholder of the database for a system whose zone was not set. */
const NOT_SET = 'Factory';

const nameByFolded: ReadonlyMap<string, string> = new Map(
  Object.keys(zones)
    .filter((name) => name !== NOT_SET)
    .map((name) => [fold(name), name]),
);

/** The zone of each city that is the last part of one zone’s name only. */
const nameByCity: ReadonlyMap<string, string> = indexCities();

/** Degrees, some 25 km: the package draws the borders of zones about as roughly. */
const ZONE_TOLERANCE = 0.25;

/** Whether a text is the name of an IANA time zone exactly as it is written. */
export function isTimeZone(text: string): boolean {
  return text !== NOT_SET && Object.hasOwn(zones, text);
}

/** The zone that a text names but for case, spaces and hyphens; null where there is none. */
export function timeZoneWritten(text: string): string | null {
  return nameByFolded.get(fold(text)) ?? null;
}

/** The one zone that is named after a city; null where there is none or several. */
export function timeZoneOfCity(text: string): string | null {
  return nameByCity.get(fold(text)) ?? null;
}

/**
 * The zone of a place on land or in coastal waters, by the package tz-lookup; null on the high seas,
 * where none is certain. Degrees must be in range.
 */
export function timeZoneAt(latitude: number, longitude: number): string | null {
  const name = tzLookup(latitude, longitude);
  return name.startsWith('Etc/') || !isTimeZone(name) ? null : name;
}

/** Whether clocks of a zone show the local time at a place or within some 25 km of it. */
export function agreesWithPlace(zone: string, latitude: number, longitude: number): boolean {
  return (
    agreesExactly(zone, latitude, longitude) ||
    around(latitude, longitude).some(([north, east]) => agreesExactly(zone, north, east))
  );
}

function agreesExactly(zone: string, latitude: number, longitude: number): boolean {
  const local = timeZoneAt(latitude, longitude);
  return local === null || haveSameClocks(zone, local);
}

/** Whether a zone's clocks show the time of some place in a country (alpha-2) or its territories. */
export function agreesWithCountry(zone: string, country: string): boolean {
  const own = zonesOf(country);
  if (own.length === 0) return true;
  return (
    own.some((local) => haveSameClocks(zone, local)) ||
    territoriesOf(country)
      .flatMap(zonesOf)
      .some((local) => haveSameClocks(zone, local))
  );
}

/** The zone of a country (alpha-2) that has one only; null for others. */
export function onlyTimeZoneOf(country: string): string | null {
  const [first, ...others] = zonesOf(country);
  return first !== undefined && others.every((other) => haveSameClocks(first, other))
    ? first
    : null;
}

/** By country, since most sites are in the same few. */
const zonesByCountry = new Map<string, readonly string[]>();

/** Names of the zones in use in a country (alpha-2), without deprecated ones. */
function zonesOf(country: string): readonly string[] {
  let names = zonesByCountry.get(country);
  if (names === undefined) {
    names = getTimezonesForCountry(country)?.map(({ name }) => name) ?? [];
    zonesByCountry.set(country, names);
  }
  return names;
}

/** Whether two zones have the same offsets from UTC, in winter and in summer. */
function haveSameClocks(one: string, other: string): boolean {
  const [first, second] = [zones[one], zones[other]];
  return first?.utcOffset === second?.utcOffset && first?.dstOffset === second?.dstOffset;
}

function around(latitude: number, longitude: number): readonly (readonly [number, number])[] {
  const steps = [0, -ZONE_TOLERANCE, ZONE_TOLERANCE];
  const clamp = (degrees: number, limit: number) => Math.min(limit, Math.max(-limit, degrees));
  return steps.flatMap((north) =>
    steps.map((east) => [clamp(latitude + north, 90), clamp(longitude + east, 180)] as const),
  );
}

function fold(name: string): string {
  return name
    .toLowerCase()
    .replace(/[\s_-]+/g, '_')
    .replaceAll('\\', '/');
}

function indexCities(): ReadonlyMap<string, string> {
  const index = new Map<string, string>();
  const ambiguous = new Set<string>();
  for (const { name, aliasOf } of Object.values(zones)) {
    if (!name.includes('/') || name.startsWith('Etc/')) continue;
    const city = fold(name.slice(name.lastIndexOf('/') + 1));
    const zone = aliasOf ?? name;
    const other = index.get(city);
    if (other !== undefined && other !== zone) ambiguous.add(city);
    index.set(city, zone);
  }
  for (const city of ambiguous) index.delete(city);
  return index;
}
