import type { StringTable } from '../stringTable.ts';
import { ofEachText } from './textComparer.ts';

/** A value that so many others differ from in one place is one of a series: typos are rarer. */
const FEWEST_NEIGHBOURS = 3;

/** The last places are those that are counted through. */
const PLACES = 4;

const DIGITS = [...'0123456789'];
const LETTERS = [...'abcdefghijklmnopqrstuvwxyz'];

/**
 * Tells whether a text is one of a series, such as the extensions of an office: there are several
 * that differ from it in one sign near its end. Two of a series that are one sign apart are two
 * values; what looks like a typo is how they were handed out.
 *
 * @param end - where the part that is looked at ends, from the text
 */
export function seriesOf(
  table: StringTable,
  end: (text: string) => number = (text) => text.length,
): (id: number) => boolean {
  return ofEachText(table, (text) => {
    const last = end(text);
    let neighbours = 0;
    for (let at = Math.max(0, last - PLACES); at < last; at += 1) {
      const sign = text[at] ?? '';
      const signs = DIGITS.includes(sign) ? DIGITS : LETTERS.includes(sign) ? LETTERS : [];
      for (const other of signs) {
        if (other === sign) continue;
        if (table.find(text.slice(0, at) + other + text.slice(at + 1)) === 0) continue;
        neighbours += 1;
        if (neighbours === FEWEST_NEIGHBOURS) return true;
      }
    }
    return false;
  });
}
