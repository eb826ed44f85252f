/**
 * White space that is not a plain space, control characters, invisible characters that carry no
 * meaning, and spaces at the ends or in runs. ZWJ and ZWNJ are not among them: Persian and the
 * Indic scripts are misspelt without them.
 */
const STRAY = /[^\S ]|[\p{Cc}\u00AD\u200B\u2060]|^ | $| {2}/u;

/** Zero-width space, word joiner, byte order mark, soft hyphen. */
const INVISIBLE = /[\u200B\u2060\uFEFF\u00AD]/g;

const SPACING = /[\s\p{Cc}]+/gu;

/**
 * Returns a text as it was most likely meant: one plain space for every run of white space, line
 * breaks and control characters, none at the ends, and no invisible characters.
 *
 * A clean text is returned as it is, without allocating.
 */
export function cleanText(text: string): string {
  return STRAY.test(text) ? text.replace(INVISIBLE, '').replace(SPACING, ' ').trim() : text;
}

/** Whether a field holds nothing that can be read: null, or white space only. */
export function isBlank(text: string | null): boolean {
  return text === null || cleanText(text) === '';
}
