import type { SiteFields } from '../entities.ts';
import type { RuleContext } from '../rule.ts';
import { mayBeIn } from './borders.ts';
import { countryToJudgeBy } from './country.ts';

/** Which mistake would explain coordinates outside the country. */
export type Remedy = 'LATITUDE_SIGN' | 'LONGITUDE_SIGN' | 'BOTH_SIGNS' | 'SWAPPED';

/** What a site's coordinates say. */
export type CoordinatesReading =
  | { readonly kind: 'NONE' }
  | { readonly kind: 'INCOMPLETE'; readonly missing: 'latitude' | 'longitude' }
  | { readonly kind: 'ZERO' }
  | {
      readonly kind: 'OUT_OF_RANGE';
      readonly field: 'latitude' | 'longitude';
      readonly remedy: Remedy | null;
    }
  | { readonly kind: 'ELSEWHERE'; readonly country: string; readonly remedy: Remedy | null }
  | { readonly kind: 'PLAUSIBLE'; readonly latitude: number; readonly longitude: number };

const NONE: CoordinatesReading = { kind: 'NONE' };

/** The last reading: the rules on coordinates and time zones ask for the same site in turn. */
let last: {
  readonly site: SiteFields;
  readonly context: RuleContext;
  readonly reading: CoordinatesReading;
} | null = null;

/** Reads a site's coordinates, and holds them against its country. */
export function readCoordinates(site: SiteFields, context: RuleContext): CoordinatesReading {
  if (site.latitude === null && site.longitude === null) return NONE;
  if (last?.site !== site || last.context !== context) {
    last = { site, context, reading: judgeCoordinates(site, context) };
  }
  return last.reading;
}

function judgeCoordinates(
  { latitude, longitude, country }: SiteFields,
  context: RuleContext,
): CoordinatesReading {
  if (latitude === null) return { kind: 'INCOMPLETE', missing: 'latitude' };
  if (longitude === null) return { kind: 'INCOMPLETE', missing: 'longitude' };
  if (latitude === 0 && longitude === 0) return { kind: 'ZERO' };
  const judgedBy = countryToJudgeBy(country, context);
  if (!isInRange(latitude, longitude)) {
    const field = Math.abs(latitude) > 90 ? 'latitude' : 'longitude';
    const swapped = isInRange(longitude, latitude);
    const fits = judgedBy !== null && swapped && mayBeIn(judgedBy, longitude, latitude);
    return { kind: 'OUT_OF_RANGE', field, remedy: fits ? 'SWAPPED' : null };
  }
  if (judgedBy === null || mayBeIn(judgedBy, latitude, longitude)) {
    return { kind: 'PLAUSIBLE', latitude, longitude };
  }
  const remedy = findRemedy(judgedBy, latitude, longitude);
  // A site without a country may be abroad; only a mistake that is plain to see says otherwise.
  const isOwn = country !== null && countryToJudgeBy(country, { ...context, defaultCountry: null });
  if (!isOwn && remedy === null) return { kind: 'PLAUSIBLE', latitude, longitude };
  return { kind: 'ELSEWHERE', country: judgedBy, remedy };
}

function isInRange(latitude: number, longitude: number): boolean {
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180;
}

/** The one mistake that would bring the coordinates into the country; null where none or several do. */
function findRemedy(country: string, latitude: number, longitude: number): Remedy | null {
  const attempts: readonly (readonly [Remedy, number, number])[] = [
    ['LATITUDE_SIGN', -latitude, longitude],
    ['LONGITUDE_SIGN', latitude, -longitude],
    ['BOTH_SIGNS', -latitude, -longitude],
    ['SWAPPED', longitude, latitude],
  ];
  const [fitting, ...others] = attempts.filter(
    ([, north, east]) => isInRange(north, east) && mayBeIn(country, north, east),
  );
  return fitting === undefined || others.length > 0 ? null : fitting[0];
}
