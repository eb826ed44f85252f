import type { Delimiter } from './table.ts';

/** A record of CSV, and where the next one begins. */
export interface CsvCells {
  readonly cells: readonly string[];
  readonly next: number;
}

/**
 * Why a record can't be read: it ends within quotes (`OPEN`), or something follows a closing quote
 * (`MALFORMED`).
 */
export type CsvFailure = 'OPEN' | 'MALFORMED';

const QUOTE = '"';

/**
 * Reads one record of CSV (RFC 4180). A quote within a cell that does not begin with one stands for
 * itself. Lines may end in CR LF where they end in LF.
 */
export function readCells(
  text: string,
  start: number,
  delimiter: Delimiter,
  lineEnd: '\n' | '\r',
): CsvCells | CsvFailure {
  const cells: string[] = [];
  const delimiterCode = delimiter.charCodeAt(0);
  let position = start;
  let lineStop = indexOrEnd(text, lineEnd, position);
  for (;;) {
    if (text[position] === QUOTE) {
      const quoted = readQuoted(text, position + 1);
      if (quoted === null) return 'OPEN';
      cells.push(quoted.cell);
      position = quoted.next;
      if (position > lineStop) lineStop = indexOrEnd(text, lineEnd, position);
      if (text[position] === '\r' && position + 1 === lineStop) position = lineStop;
    } else {
      // Not indexOf, which would run through the whole text where no delimiter follows.
      let stop = position;
      while (stop < lineStop && text.charCodeAt(stop) !== delimiterCode) stop += 1;
      const isBeforeCr = stop === lineStop && stop > position && text[stop - 1] === '\r';
      cells.push(text.slice(position, isBeforeCr ? stop - 1 : stop));
      position = stop;
    }
    if (position === lineStop) return { cells, next: lineStop + 1 };
    if (text[position] !== delimiter) return 'MALFORMED';
    position += 1;
  }
}

function indexOrEnd(text: string, searched: string, from: number): number {
  const index = text.indexOf(searched, from);
  return index < 0 ? text.length : index;
}

/** @param start - after the opening quote */
function readQuoted(text: string, start: number): { cell: string; next: number } | null {
  let hasQuotes = false;
  for (let from = start; ; ) {
    const close = text.indexOf(QUOTE, from);
    if (close < 0) return null;
    if (text[close + 1] !== QUOTE) {
      const cell = text.slice(start, close);
      return { cell: hasQuotes ? cell.replaceAll('""', QUOTE) : cell, next: close + 1 };
    }
    hasQuotes = true;
    from = close + 2;
  }
}
