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
  // The library throws for a country it lacks.
  if (!postcodeValidatorExistsForCountry(country)) return true;
  const upper = code.toUpperCase();
  return (
    postcodeValidator(upper, country) ||
    FURTHER_FORMS[country]?.test(upper) === true ||
    postcodeValidator(upper.replaceAll(' ', ''), country)
  );
}
