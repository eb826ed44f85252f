import { createRequire } from 'node:module';

type CountryCoder = typeof import('@rapideditor/country-coder');

/** Degrees west, south, east and north. */
type Box = readonly [number, number, number, number];

const require = createRequire(import.meta.url);

/** Loaded when first needed: the borders take 70 ms and 30 MB. */
let coder: CountryCoder | null = null;

/** Places are looked up by squares of a tenth of a degree, 11 km from north to south. */
const SQUARES_PER_DEGREE = 10;

/** Looking a square up takes 25 µs, and most sites are where others are. */
const SQUARES_KEPT = 20_000;

/** Codes of the countries that reach into a square or the ones around it; by the square's number. */
const countriesOfSquare = new Map<number, ReadonlySet<string>>();

/** Countries whose border both draw differently, each pair in both directions. */
const DISPUTES: ReadonlySet<string> = new Set(
  [
    'RS XK',
    'MA EH',
    'UA RU',
    'IL PS',
    'IL SY',
    'CN TW',
    'CN IN',
    'IN PK',
    'PK CN',
    'SD SS',
    'AR FK',
  ]
    .map((pair) => pair.split(' '))
    .flatMap(([one, other]) => [`${one} ${other}`, `${other} ${one}`]),
);

/** 200 nautical miles, the exclusive economic zone by the UN Convention on the Law of the Sea, in km. */
const COASTAL_WATERS_KM = 370;
const KM_PER_DEGREE = 111.2;

/**
 * Whether a place may be in a country (alpha-2): within its borders, as the package country-coder
 * draws them, or at most about 20 km from them, in a territory of it, in a part that it claims, or in
 * the sea before its coast. Degrees must be in range. A code that is not known counts as everywhere.
 */
export function mayBeIn(country: string, latitude: number, longitude: number): boolean {
  const near = countriesNear(latitude, longitude);
  if (near.has(country)) return true;
  for (const other of near) if (DISPUTES.has(`${country} ${other}`)) return true;
  if (countryCoder().feature(country) === null) return true;
  const isAtSea = countryCoder().feature([longitude, latitude]) === null;
  return isAtSea && countriesIn(boxAround(latitude, longitude, COASTAL_WATERS_KM)).has(country);
}

/** The territories of a country that have codes of their own (alpha-2), such as PR of US. */
export function territoriesOf(country: string): readonly string[] {
  return countryCoder()
    .borders.features.map(({ properties }) => properties)
    .filter((properties) => properties.country === country)
    .flatMap(({ iso1A2 }) => iso1A2 ?? []);
}

function countriesNear(latitude: number, longitude: number): ReadonlySet<string> {
  const row = Math.floor(latitude * SQUARES_PER_DEGREE);
  const column = Math.floor(longitude * SQUARES_PER_DEGREE);
  const square = row * 360 * SQUARES_PER_DEGREE + column;
  const known = countriesOfSquare.get(square);
  if (known !== undefined) return known;
  const [west, south] = [(column - 1) / SQUARES_PER_DEGREE, (row - 1) / SQUARES_PER_DEGREE];
  const side = 3 / SQUARES_PER_DEGREE;
  const countries = countriesIn([west, south, west + side, south + side]);
  if (countriesOfSquare.size >= SQUARES_KEPT) countriesOfSquare.clear();
  countriesOfSquare.set(square, countries);
  return countries;
}

/** Codes of the countries that a box touches, and of the countries that these belong to. */
function countriesIn([west, south, east, north]: Box): ReadonlySet<string> {
  const boxes: [number, number, number, number][] = [[west, south, east, north]];
  // Beyond the date line the map begins anew.
  if (west < -180) boxes.push([west + 360, south, 180, north]);
  if (east > 180) boxes.push([-180, south, east - 360, north]);
  const codes = boxes
    .flatMap((box) => countryCoder().featuresContaining(box))
    .flatMap(({ properties }) => [properties.iso1A2, properties.country]);
  return new Set(codes.filter((code) => code !== undefined));
}

function boxAround(latitude: number, longitude: number, km: number): Box {
  const high = km / KM_PER_DEGREE;
  // A degree of longitude is the shorter the nearer the poles.
  const wide = high / Math.max(0.1, Math.cos((latitude * Math.PI) / 180));
  return [longitude - wide, latitude - high, longitude + wide, latitude + high];
}

function countryCoder(): CountryCoder {
  coder ??= require('@rapideditor/country-coder') as CountryCoder;
  return coder;
}
