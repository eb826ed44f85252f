/** A full e-mail address; `@` alone is in names of companies. */
const EMAIL = /[^\s@]+@[^\s@]+\.[^\s@]{2,}/;

const URL = /\bhttps?:\/\/|\bwww\.[^\s.]+\.[a-z]{2}/i;

const PHONE = /^\+?[\d ()./-]*$/;
const LEAST_PHONE_DIGITS = 7;

const LETTER = /\p{L}/u;
const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u;

/** The same letter three times or more, such as `xxx`; `III` is what follows a name. */
const REPEATED = /^([a-hj-z])\1{2,}$/i;

/** Companies are called AAA. */
const REPEATED_BY_NOBODY = /^(?:x{3,}|([a-z])\1{3,})$/i;

/**
 * What people type where no name is known. Not `na`, `null`, `bar` and the like, which are names of
 * people too. With or without brackets.
 */
const PLACEHOLDERS = [
  'anonymous',
  'asdf',
  'asdfg',
  'asdfgh',
  'asdfghjkl',
  'company name',
  'delete',
  'delete me',
  'deleted',
  'do not use',
  'dummy',
  'family name',
  'first name',
  'firstname',
  'given name',
  'last name',
  'lastname',
  'n.a.',
  'n/a',
  'n.n.',
  'nachname',
  'no last name',
  'no name',
  'no surname',
  'noname',
  'none',
  'not applicable',
  'not available',
  'not known',
  'not provided',
  'placeholder',
  'qwerty',
  'qwertz',
  'surname',
  'tba',
  'tbc',
  'tbd',
  'test',
  'test test',
  'testing',
  'test user',
  'to be confirmed',
  'unbekannt',
  'undefined',
  'unknown',
  'unknown unknown',
  'unnamed',
  'vorname',
];

/** One pattern rules most names out by their first letters: 30 ns, where a set takes 100. */
const PLACEHOLDER = new RegExp(
  `^[(<[*]*(?:${PLACEHOLDERS.join('|').replaceAll('.', '\\.')})[)>\\]*]*$`,
  'i',
);

/** Names that only the placeholders can find fault with. */
const EVERYDAY = /^[a-z][a-z' -]*$/i;

/**
 * Why a cleaned, non-empty text is no name of a person or an organisation, to go on after "The family
 * name"; null where it may be one.
 */
export function implausibleName(name: string, isPerson: boolean): string | null {
  if (PLACEHOLDER.test(name)) return 'is a placeholder';
  if ((isPerson ? REPEATED : REPEATED_BY_NOBODY).test(name)) return 'is one letter over and over';
  if (EVERYDAY.test(name)) return null;
  if (EMAIL.test(name)) return 'holds an e-mail address';
  if (URL.test(name) && (isPerson || name.includes('://'))) return 'holds a web address';
  if (PHONE.test(name) && name.replace(/\D/g, '').length >= LEAST_PHONE_DIGITS) {
    return 'holds a phone number';
  }
  if (!LETTER_OR_DIGIT.test(name)) return 'has no letter';
  return isPerson && !LETTER.test(name) ? 'has no letter' : null;
}
