import { readCells } from './csvCells.ts';
import { DELIMITERS, type Delimiter } from './table.ts';

/** So many records tell enough. */
const RECORDS_LOOKED_AT = 200;

/**
 * Finds what parts the cells of some lines: that by which the most records have as many cells as the
 * first, and of several such that which parts the most. Where nothing does, a comma.
 */
export function detectDelimiter(text: string, lineEnd: '\n' | '\r'): Delimiter {
  let best: { delimiter: Delimiter; agreement: number; cells: number } | null = null;
  for (const delimiter of DELIMITERS) {
    const counts = countCells(text, delimiter, lineEnd);
    const cells = counts[0] ?? 0;
    if (cells < 2) continue;
    const agreement = counts.filter((count) => count === cells).length / counts.length;
    const isBetter =
      best === null ||
      agreement > best.agreement ||
      (agreement === best.agreement && cells > best.cells);
    if (isBetter) best = { delimiter, agreement, cells };
  }
  return best?.delimiter ?? ',';
}

function countCells(text: string, delimiter: Delimiter, lineEnd: '\n' | '\r'): readonly number[] {
  const counts: number[] = [];
  for (let start = 0; start < text.length && counts.length < RECORDS_LOOKED_AT; ) {
    const lineStop = text.indexOf(lineEnd, start);
    const stop = lineStop < 0 ? text.length : lineStop;
    const record = readCells(text, start, delimiter, lineEnd);
    const next = typeof record === 'string' ? stop + 1 : record.next;
    const isBlank = text.slice(start, stop).trim() === '';
    if (typeof record !== 'string' && !isBlank) counts.push(record.cells.length);
    start = next;
  }
  return counts;
}

/** Excel's own way to say it: a first line such as `sep=;`. */
export function delimiterLine(
  text: string,
): { readonly delimiter: Delimiter; readonly line: string } | null {
  const match = /^sep=([,;\t|])(?:\r\n|\n|\r|$)/i.exec(text);
  const delimiter = DELIMITERS.find((candidate) => candidate === match?.[1]);
  return match === null || delimiter === undefined ? null : { delimiter, line: match[0] };
}
