import { postcodeValidator, postcodeValidatorExistsForCountry } from 'postcode-validator';

/**
 * Forms in official or everyday use that postcode-validator lacks: Argentina's four digits, the
 * prefixes of Azerbaijan and Moldova, Girobank's own code, Japan's without its hyphen, Cambodia's
 * of six and (since 2025) eight digits, Saudi Arabia's with the additional four.
 */
const FURTHER_FORMS: Readonly<Record<string, RegExp>> = {
  AR: /^\d{4}$/,
  AZ: /^AZ ?\d{4}$/,
  GB: /^GIR ?0AA$/,
  JP: /^\d{7}$/,
  KH: /^\d{6}(?:\d{2})?$/,
  MD: /^MD-?\d{4}$/,
  SA: /^\d{5}-\d{4}$/,
};

/**
 * Whether a cleaned, non-empty text is written like a postal code of the country (alpha-2), in
 * upper or lower case, with spaces or without. True for a country that has no postal codes, or
 * whose codes are not known here.
 */
export function isPostalCodeOf(country: string, code: string): boolean {
  const answers = answersFor(country);
  let answer = answers.get(code);
  if (answer === undefined) {
    if (answers.size >= MOST_ANSWERS) answers.clear();
    answer = judge(country, code);
    answers.set(code, answer);
  }
  return answer;
}

/** Neighbours share their code, and asking the library takes four times as long as remembering. */
const answersByCountry = new Map<string, Map<string, boolean>>();
const MOST_ANSWERS = 20_000;

function answersFor(country: string): Map<string, boolean> {
  let answers = answersByCountry.get(country);
  if (answers === undefined) {
    answers = new Map();
    answersByCountry.set(country, answers);
  }
  return answers;
}

function judge(country: string, code: string): boolean {
  // The library throws for a country it lacks.
  if (!postcodeValidatorExistsForCountry(country)) return true;
  const upper = code.toUpperCase();
  return (
    postcodeValidator(upper, country) ||
    FURTHER_FORMS[country]?.test(upper) === true ||
    postcodeValidator(upper.replaceAll(' ', ''), country)
  );
}
