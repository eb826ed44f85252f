import { postcodeValidator, postcodeValidatorExistsForCountry } from 'postcode-validator';
import { remembered } from './remembered.ts';

/**
 * Forms in official or everyday use that postcode-validator lacks: Argentina's four digits, the
 * prefixes of Azerbaijan and Moldova, Canada's with a hyphen, Chile's with one, France's for firms
 * (CEDEX), Girobank's own code and those of British forces, Dublin's districts, Japan's without its
 * hyphen or after the postal mark, Cambodia's of six and (since 2025) eight digits, Lima's districts,
 * Poland's without the hyphen, Saudi Arabia's with the additional four.
 */
const FURTHER_FORMS: Readonly<Record<string, RegExp>> = {
  AR: /^\d{4}$/,
  AZ: /^AZ ?\d{4}$/,
  CA: /^[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z]-\d[ABCEGHJ-NPRSTV-Z]\d$/,
  CL: /^\d{3}-\d{4}$/,
  FR: /^\d{5} CEDEX(?: \d{1,2})?$/,
  GB: /^(?:GIR ?0AA|BFPO ?\d{1,4})$/,
  IE: /^(?:DUBLIN|D) ?(?:[1-9]|1\d|2[0-4]|6W)$/,
  JP: /^(?:〒 ?)?\d{3}-?\d{4}$/,
  KH: /^\d{6}(?:\d{2})?$/,
  MD: /^MD-?\d{4}$/,
  PE: /^LIMA ?\d{1,2}$/,
  PL: /^\d{5}$/,
  SA: /^\d{5}-\d{4}$/,
};

/** Written as postal codes are, but issued to nobody: the Netherlands leave out three pairs of letters. */
const UNUSED: Readonly<Record<string, RegExp>> = { NL: /^0|S[ADS]$/ };

/** Typed where a form asks for a code and none is known. */
const ZEROS = /^[0 -]+$/;

/**
 * The signs by which cars and letters show their country, where they are not its code. Mail to
 * `A-1010` arrives, and millions of addresses are kept so.
 */
const COUNTRY_SIGNS: Readonly<Record<string, string>> = {
  AT: 'A',
  BE: 'B',
  DE: 'D',
  ES: 'E',
  FI: 'FIN',
  FR: 'F',
  HU: 'H',
  IT: 'I',
  LU: 'L',
  NO: 'N',
  PT: 'P',
  SE: 'S',
  SI: 'SLO',
};

/**
 * Whether a cleaned, non-empty text is written like a postal code of the country (alpha-2), in
 * upper or lower case, with spaces or without. True for a country that has no postal codes, or
 * whose codes are not known here.
 */
export function isPostalCodeOf(country: string, code: string): boolean {
  let judgeCode = judgesByCountry.get(country);
  if (judgeCode === undefined) {
    judgeCode = judgeOf(country);
    judgesByCountry.set(country, judgeCode);
  }
  return judgeCode(code);
}

/** Neighbours share their code, and asking the library takes four times as long as remembering. */
const judgesByCountry = new Map<string, (code: string) => boolean>();

function judgeOf(country: string): (code: string) => boolean {
  const judgeOther = remembered((code) => judge(country, code));
  // By the number that it is: 100 kB, and a third of the time.
  const fiveDigits = new Uint8Array(100_000);
  return (code) => {
    const number = numberOfFiveDigits(code);
    if (number < 0) return judgeOther(code);
    if (fiveDigits[number] === 0) fiveDigits[number] = judge(country, code) ? RIGHT : WRONG;
    return fiveDigits[number] === RIGHT;
  };
}

const RIGHT = 1;
const WRONG = 2;

const ZERO = 0x30;

/** The number that five digits are, as codes of most large countries are; -1 for another code. */
function numberOfFiveDigits(code: string): number {
  if (code.length !== 5) return -1;
  let number = 0;
  for (let index = 0; index < 5; index += 1) {
    const digit = code.charCodeAt(index) - ZERO;
    if (digit < 0 || digit > 9) return -1;
    number = number * 10 + digit;
  }
  return number;
}

function judge(country: string, code: string): boolean {
  // The library throws for a country it lacks.
  if (!postcodeValidatorExistsForCountry(country)) return true;
  const upper = code.toUpperCase();
  if (ZEROS.test(upper) || UNUSED[country]?.test(upper) === true) return false;
  return isWritten(country, upper) || isWritten(country, withoutCountrySign(country, upper));
}

function isWritten(country: string, upper: string): boolean {
  return (
    postcodeValidator(upper, country) ||
    FURTHER_FORMS[country]?.test(upper) === true ||
    postcodeValidator(upper.replaceAll(' ', ''), country)
  );
}

function withoutCountrySign(country: string, upper: string): string {
  const hyphen = upper.indexOf('-');
  const sign = upper.slice(0, Math.max(0, hyphen)).trim();
  const isOwn = sign !== '' && (sign === country || sign === COUNTRY_SIGNS[country]);
  return isOwn ? upper.slice(hyphen + 1).trim() : upper;
}
