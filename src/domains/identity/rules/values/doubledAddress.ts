import type { Address } from '../entities.ts';
import { cleanText } from './cleanText.ts';
import { matchText } from './matchText.ts';

/** What an address line 2 repeats, for messages, and whether nothing is lost without it for certain. */
export interface Repetition {
  readonly what: string;
  readonly isCertain: boolean;
}

/** What a second line of an address repeats as a whole; null where it has something of its own. */
export function repeatedInLine2(address: Address, line2: string): Repetition | null {
  const text = matchText(line2);
  if (text === '') return null;
  const street = matchText(address.addressLine1);
  const number = matchText(address.streetNumber);
  if (text === street) return { what: 'the address line 1', isCertain: true };
  if (
    street !== '' &&
    number !== '' &&
    (text === `${number} ${street}` || text === `${street} ${number}`)
  ) {
    return { what: 'the street and its number', isCertain: true };
  }
  if (writtenOut(text) === writtenOut(street))
    return { what: 'the address line 1', isCertain: false };
  const locality = matchText(address.locality);
  const postalCode = matchText(address.postalCode);
  const region = matchText(address.region);
  if (text === locality) return { what: 'the locality', isCertain: false };
  if (text === postalCode) return { what: 'the postal code', isCertain: false };
  const both = [
    [locality, postalCode],
    [postalCode, locality],
    [locality, region],
    [locality, region, postalCode],
  ];
  return both.some((parts) => !parts.includes('') && parts.join(' ') === text)
    ? { what: 'the locality and what goes with it', isCertain: false }
    : null;
}

/** How words of streets are shortened, in the form in which addresses are compared. */
const LONG_FORMS: ReadonlyMap<string, string> = new Map(
  `ave avenue, av avenue, blvd boulevard, cir circle, ct court, dr drive, e east, hwy highway, ln lane,
  n north, pkwy parkway, pl place, rd road, s south, sq square, st street, str strasse, ter terrace,
  w west`
    .split(/,\s+/)
    .map((pair): [string, string] => [pair.split(' ')[0] ?? '', pair.split(' ')[1] ?? '']),
);

function writtenOut(text: string): string {
  return text
    .split(' ')
    .map((word) => LONG_FORMS.get(word) ?? word.replace(/(?<=.{3})str$/, 'strasse'))
    .join(' ');
}

/**
 * What a first line says twice, as in `12 Main Street, 12 Main Street`; null where it says nothing
 * twice, or may well be called so, as Walla Walla is.
 */
export function firstOfTwo(line: string): string | null {
  for (const between of [' ', ', ']) {
    const length = (line.length - between.length) / 2;
    // One sign rules most lines out.
    if (!Number.isInteger(length) || line[0] !== line[length + between.length]) continue;
    const first = line.slice(0, length);
    if (line === first + between + first && HAS_NUMBER.test(first)) {
      return firstOfTwo(first) ?? first;
    }
  }
  return null;
}

const HAS_NUMBER = /^(?=.*\d).*\p{L}{2}/u;

/** A cleaned locality without the region at its end, as in `Columbus OH`; null where there is none. */
export function localityWithoutRegion(address: Address, locality: string): string | null {
  const region = address.region === null ? '' : cleanText(address.region);
  if (region === '' || !locality.endsWith(region)) return null;
  const rest = locality.slice(0, -region.length);
  // Of whole names only what a comma divides: Oklahoma City is in Oklahoma, Mexico City in no Mexico.
  const isDivided = rest.endsWith(', ') || (REGION_CODE.test(region) && rest.endsWith(' '));
  const name = rest.replace(/[ ,]+$/, '');
  return isDivided && /\p{L}{2}/u.test(name) && !name.split(/[ ,]+/).includes(region) ? name : null;
}

const REGION_CODE = /^[A-Z]{2,3}$/;

/** Streets that are called by a number at their end, such as Highway 12. */
const NUMBERED_AT_END =
  /(?:^|\s)(?:highway|hwy|route|rte|us|sr|cr|fm|calle|carrera|avenida|block|sector|unit|apt|suite|#)\.?$|^(?:(?:county|state|rural|road|street|avenue|platz|weg) ?)+$/i;

/** What follows a number that a street is called by: 5 de Mayo, 12 Mile Road, 4 Corners. */
const NUMBERED_AT_START = /^(?:de|miles?|corners|points)\b/i;

const DIGITS_FIRST = /^\d/;

/**
 * A cleaned first line without the street number, where that stands in a field of its own and at the
 * start or end of the line once more; null where it does not, or where the street may be called so.
 */
export function streetWithoutNumber({ streetNumber }: Address, line: string): string | null {
  const number = streetNumber === null ? '' : cleanText(streetNumber);
  // Digits make a number; "A" could be any word's beginning.
  if (!DIGITS_FIRST.test(number)) return null;
  if (line.startsWith(`${number} `) || line.startsWith(`${number}, `)) {
    const street = line.slice(number.length).replace(/^[ ,]+/, '');
    return isStreet(street, number) && !NUMBERED_AT_START.test(street) ? street : null;
  }
  if (!line.endsWith(` ${number}`)) return null;
  const street = line.slice(0, -number.length - 1).replace(/[ ,]+$/, '');
  return isStreet(street, number) && !NUMBERED_AT_END.test(street) ? street : null;
}

/** Whether something with letters is left, without the number a third time. */
function isStreet(street: string, number: string): boolean {
  return /\p{L}{2}/u.test(street) && !street.split(/[ ,]+/).includes(number);
}

/** Whether a cleaned first line has more than locality and postal code, and ends in both. */
export function saysWholeAddress(address: Address, line: string): boolean {
  const postalCode = matchText(address.postalCode);
  const locality = matchText(address.locality);
  if (postalCode.length < LEAST_CODE || locality === '') return false;
  const region = matchText(address.region);
  const endings = [
    `${locality} ${postalCode}`,
    `${postalCode} ${locality}`,
    ...(region === '' ? [] : [`${locality} ${region} ${postalCode}`]),
  ];
  const text = matchText(line);
  return endings.some((ending) => text.endsWith(` ${ending}`));
}

/** Shorter ones may be anything. */
const LEAST_CODE = 4;

/** A cleaned locality without the postal code before or after it; null where there is none. */
export function localityWithoutPostalCode(address: Address, locality: string): string | null {
  const code = address.postalCode === null ? '' : cleanText(address.postalCode);
  if (code.length < LEAST_CODE) return null;
  const rest = locality.startsWith(`${code} `)
    ? locality.slice(code.length)
    : locality.endsWith(` ${code}`)
      ? locality.slice(0, -code.length)
      : '';
  const name = rest.replace(/^[ ,]+|[ ,]+$/g, '');
  return /\p{L}/u.test(name) && !name.split(/[ ,]+/).includes(code) ? name : null;
}
