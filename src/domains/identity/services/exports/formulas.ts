/*
 * Spreadsheets take a cell that begins with one of these for a formula, also in CSV:
 * https://owasp.org/www-community/attacks/CSV_Injection. The last four are the full-width forms, which
 * spreadsheets in East Asian languages read alike. Texts that have apostrophes before such a sign get
 * one more, so that what is escaped comes back as it was.
 */
const FORMULA = /^'*[=+\-@\t\r\n＝＋－＠]/;
const ESCAPED = /^'+[=+\-@\t\r\n＝＋－＠]/;

/** Has spreadsheets show a text, and not calculate it: an apostrophe before what would be a formula. */
export function escapeFormula(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}

/** Takes back what {@link escapeFormula} does. */
export function unescapeFormula(text: string): string {
  return ESCAPED.test(text) ? text.slice(1) : text;
}
