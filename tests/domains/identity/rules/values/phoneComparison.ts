import fc from 'fast-check';
import { getCountries, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import metadata from 'libphonenumber-js/max/metadata';
import {
  createSeededRandom,
  type SeededRandom,
} from '../../../../../src/domains/identity/demo/seededRandom.ts';
import { certainPhone } from '../../../../../src/domains/identity/rules/values/certainPhone.ts';
import {
  type NumberingPlan,
  planOfCountry,
} from '../../../../../src/domains/identity/rules/values/numberingPlan.ts';

interface Candidate {
  readonly text: string;
  readonly country: string | null;
}

const COUNTRIES = getCountries();
const CALLING_CODES = [
  ...Object.keys(metadata.country_calling_codes),
  ...Object.keys(metadata.nonGeographic),
];
const SEPARATORS = [' ', '-', '.', '/', '(', ')', ' (', ') ', '+', '  ', 'x'];

/** What the library makes of a text: the E.164 form of a valid number without extension, or null. */
export function libraryReading({ text, country }: Candidate): string | null {
  const defaultCountry = COUNTRIES.find((code) => code === country);
  const number = parsePhoneNumberFromString(text, { defaultCountry, extract: false });
  return number?.isValid() && number.ext === undefined ? number.number : null;
}

/**
 * Reads very many numbers by certainPhone, and those that it accepts by the library too: what it
 * does not accept goes to the library anyway.
 *
 * @param samples how many numbers of each type of each country, each with some fifty near misses
 * @returns how many numbers were read and accepted, and those that the library reads differently
 */
export function compareWithLibrary(samples: number, seed: number) {
  const differing: unknown[] = [];
  let read = 0;
  let accepted = 0;
  for (const candidate of candidates(samples, createSeededRandom(seed))) {
    read += 1;
    const certain = certainPhone(candidate.text, candidate.country);
    if (certain === null) continue;
    accepted += 1;
    const library = libraryReading(candidate);
    if (certain !== library) differing.push({ ...candidate, certain, library });
  }
  return { read, accepted, differing };
}

/** Numbers that match the pattern of a type of number of some country. */
export function* typicalNumbers(samples: number, random: SeededRandom) {
  for (const country of COUNTRIES) {
    const plan = planOfCountry(country);
    if (plan === null) throw new Error(`The numbering plan of ${country} can't be read.`);
    for (const { pattern } of plan.types) {
      const matching = fc.stringMatching(new RegExp(`^(?:${pattern})$`));
      const seed = random.between(0, 2 ** 31 - 1);
      for (const number of fc.sample(matching, { numRuns: samples, seed })) {
        yield { country, plan, number };
      }
    }
  }
}

function* candidates(samples: number, random: SeededRandom): Generator<Candidate> {
  for (const { country, plan, number } of typicalNumbers(samples, random)) {
    yield* waysToWrite(number, country, plan, random);
    for (let misses = 0; misses < 8; misses += 1) {
      yield* waysToWrite(nearMiss(number, random), country, plan, random);
    }
  }
  for (const code of CALLING_CODES) {
    for (let count = 0; count < 20 * samples; count += 1) {
      yield { text: `+${code}${random.fill('#'.repeat(random.between(3, 14)))}`, country: null };
    }
  }
}

function nearMiss(number: string, random: SeededRandom): string {
  const at = random.between(0, number.length - 1);
  const digit = random.fill('#');
  return random.pick([
    number.slice(0, -1),
    number + digit,
    digit + number,
    `${number.slice(0, at)}${digit}${number.slice(at + 1)}`,
    `${number.slice(0, at)}${digit}${number.slice(at + 1)}`,
  ]);
}

function* waysToWrite(
  number: string,
  country: string,
  { callingCode, nationalPrefix }: NumberingPlan,
  random: SeededRandom,
): Generator<Candidate> {
  const prefix = nationalPrefix ?? '0';
  yield { text: `+${callingCode}${number}`, country: null };
  yield { text: `+${callingCode}${prefix}${number}`, country: null };
  yield { text: `+${callingCode} ${punctuated(number, random)}`, country: null };
  yield { text: number, country };
  yield { text: punctuated(number, random), country };
  yield { text: `${prefix}${punctuated(number, random)}`, country };
  yield { text: `${callingCode}${number}`, country };
  yield { text: `00${callingCode}${number}`, country };
  yield { text: punctuated(`${prefix}${number}`, random), country: random.pick(COUNTRIES) };
}

function punctuated(number: string, random: SeededRandom): string {
  return [...number]
    .map((digit) => (random.chance(0.2) ? `${random.pick(SEPARATORS)}${digit}` : digit))
    .join('');
}
