/** Letters that Unicode does not decompose, as they are commonly written without them. */
const UNDECOMPOSED: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
};

/** What people type where they have nothing to say. */
const PLACEHOLDERS = new Set(['na', 'n a', 'none', 'null', 'nil', 'unknown', 'not available']);

/**
 * A text as it is compared: lower case, accents folded, only letters and digits, single spaces.
 *
 * @returns an empty text for what says nothing
 */
export function foldText(text: string | null | undefined): string {
  if (text === null || text === undefined || text === '') return '';
  const lower = text.toLowerCase();
  if (/^[a-z0-9]+$/.test(lower)) return PLACEHOLDERS.has(lower) ? '' : lower;
  const folded = (/^[\x20-\x7e]*$/.test(lower) ? lower : foldAccents(lower))
    .replace(/['’`´]/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
  return PLACEHOLDERS.has(folded) ? '' : folded;
}

function foldAccents(lower: string): string {
  return lower
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/[ßæœøłđðþı]/g, (letter) => UNDECOMPOSED[letter] ?? letter);
}
