import { foldText } from './text.ts';

const TITLES = new Set(['mr', 'mrs', 'ms', 'miss', 'mx', 'dr', 'prof', 'sir', 'herr', 'frau']);

/** Two words of three letters or more: less may be one name with a slip of the space bar. */
const FULL_NAME = /^\S{3,} (?:.* )?\S{3,}$/;

/** The names of a person as they are compared; an empty text is a missing name. */
export interface PersonNames {
  readonly given: string;
  readonly family: string;
}

/** Folds both names, without titles; a full name that stands in one field alone is taken apart. */
export function normalisePersonNames(
  givenName: string | null | undefined,
  familyName: string | null | undefined,
): PersonNames {
  const given = withoutTitle(foldText(givenName));
  const family = withoutTitle(foldText(familyName));
  if (given === '' && FULL_NAME.test(family)) return takeApart(family);
  if (family === '' && FULL_NAME.test(given)) return takeApart(given);
  return { given, family };
}

function takeApart(full: string): PersonNames {
  const space = full.lastIndexOf(' ');
  return { given: full.slice(0, space), family: full.slice(space + 1) };
}

function withoutTitle(name: string): string {
  const space = name.indexOf(' ');
  return space > 0 && TITLES.has(name.slice(0, space)) ? name.slice(space + 1) : name;
}

/** A birth date as YYYYMMDD, empty where there is none; any eight digits are kept. */
export function normaliseBirthDate(text: string | null | undefined): string {
  if (text === null || text === undefined) return '';
  const digits = text.slice(0, 10).replace(/\D/g, '');
  return digits.length === 8 ? digits : '';
}
