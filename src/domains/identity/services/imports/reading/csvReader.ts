import { readCells } from './csvCells.ts';
import { type ImportLimits, pastLimit } from './importLimits.ts';
import type { BrokenRow, Delimiter, Encoding, ReadRow, TableRow, TextBlock } from './table.ts';

interface CsvOptions {
  readonly delimiter: Delimiter;
  readonly lineEnd: '\n' | '\r';
  /** Of the first line. */
  readonly line: number;
  readonly encoding: () => Encoding;
  readonly limits: ImportLimits;
}

/**
 * Reads CSV block by block, the header as its first row.
 *
 * A record that can't be read is given as its first line alone, and reading goes on with the next
 * line: so a stray quote takes at most as many characters with it as a row may have, and those are
 * read anew.
 */
export class CsvReader {
  readonly #options: CsvOptions;
  #line: number;
  /** A record that goes on in the next block. */
  #rest = '';
  #damaged: readonly number[] = [];
  /** How many cells the header has; 0 before it is read. */
  #width = 0;

  constructor(options: CsvOptions) {
    this.#options = options;
    this.#line = options.line;
  }

  /** @throws `BAD_USER_INPUT` at a line that is too long */
  read({ text, damaged }: TextBlock): TableRow[] {
    if (damaged.length > 0) {
      const firstLine = this.#line + countOf(this.#rest, this.#options.lineEnd);
      this.#damaged = [...this.#damaged, ...damaged.map((index) => firstLine + index)];
    }
    return this.#readRows(this.#rest + text, false);
  }

  /** The last rows. */
  end(): TableRow[] {
    return this.#readRows(this.#rest, true);
  }

  #readRows(text: string, isLast: boolean): TableRow[] {
    const { delimiter, lineEnd, limits } = this.#options;
    const rows: TableRow[] = [];
    let nextQuote = text.indexOf('"');
    let start = 0;
    while (start < text.length) {
      const stop = endOfLine(text, lineEnd, start);
      if (stop - start > limits.rowCharacters) {
        throw pastLimit(limits, 'rowCharacters', `Line ${this.#line} has more characters than`);
      }
      if (nextQuote >= 0 && nextQuote < start) nextQuote = text.indexOf('"', start);
      if (nextQuote < 0 || nextQuote >= stop) {
        const line = withoutCr(text.slice(start, stop));
        if (line !== '') rows.push(this.#toRow(line.split(delimiter), line, 1));
        this.#line += 1;
        start = stop + 1;
        continue;
      }
      const next = this.#readQuoted(text, start, stop, isLast, rows);
      if (next === null) break;
      start = next;
    }
    this.#rest = text.slice(start);
    this.#damaged = this.#damaged.filter((line) => line >= this.#line);
    return rows;
  }

  /** @returns where to go on; null where the record goes on in the next block */
  #readQuoted(
    text: string,
    start: number,
    stop: number,
    isLast: boolean,
    rows: TableRow[],
  ): number | null {
    const { delimiter, lineEnd, limits } = this.#options;
    const record = readCells(text, start, delimiter, lineEnd);
    if (record === 'OPEN' && !isLast && text.length - start <= limits.rowCharacters) return null;
    const problem = this.#problemOf(record, text, start, stop);
    if (problem !== null || typeof record === 'string') {
      const line = withoutCr(text.slice(start, stop));
      rows.push({ line: this.#line, problem: `Line ${this.#line} ${problem}.`, raw: line });
      this.#line += 1;
      return stop + 1;
    }
    const raw = withoutCr(text.slice(start, record.next - 1));
    const lines = record.next > stop + 1 ? countOf(raw, lineEnd) + 1 : 1;
    rows.push(this.#toRow(record.cells, raw, lines));
    this.#line += lines;
    return record.next;
  }

  #problemOf(
    record: ReturnType<typeof readCells>,
    text: string,
    start: number,
    stop: number,
  ): string | null {
    const { delimiter, lineEnd, limits } = this.#options;
    if (record === 'OPEN') return 'opens a quote that is never closed';
    if (record === 'MALFORMED')
      return 'has something between a closing quote and the next delimiter';
    if (record.next <= stop + 1 || this.#width === 0) return null;
    if (record.next - start > limits.rowCharacters) return 'opens a quote that is closed too late';
    if (record.cells.length === this.#width) return null;
    // Where the next line would be a row of its own, a stray quote has taken it in. Of a table that
    // is written well, all rows are as wide as the header, and none comes here.
    const second = readCells(text, stop + 1, delimiter, lineEnd);
    const isRow = typeof second !== 'string' && second.cells.length === this.#width;
    return isRow ? 'opens a quote that takes in the next line' : null;
  }

  #toRow(cells: readonly string[], raw: string, lines: number): TableRow {
    const line = this.#line;
    if (this.#damaged.length > 0 && this.#isDamaged(lines)) {
      const problem = `Line ${line} has bytes that are no text in ${this.#options.encoding()}.`;
      return { line, problem, raw };
    }
    if (this.#width === 0) this.#width = cells.length;
    if (cells.length === this.#width) return { line, cells };
    return fitToWidth({ line, cells }, this.#width, raw);
  }

  #isDamaged(lines: number): boolean {
    return this.#damaged.some((line) => line >= this.#line && line < this.#line + lines);
  }
}

/** Rows may lack cells at the end, or have blank ones more than there are columns. */
function fitToWidth({ line, cells }: ReadRow, width: number, raw: string): ReadRow | BrokenRow {
  if (cells.length < width) {
    return { line, cells: [...cells, ...Array<string>(width - cells.length).fill('')] };
  }
  if (cells.slice(width).every((cell) => cell === ''))
    return { line, cells: cells.slice(0, width) };
  const problem = `Line ${line} has ${cells.length} cells, but the header has ${width}.`;
  return { line, problem, raw };
}

function endOfLine(text: string, lineEnd: string, start: number): number {
  const index = text.indexOf(lineEnd, start);
  return index < 0 ? text.length : index;
}

function withoutCr(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}

function countOf(text: string, character: string): number {
  let count = 0;
  for (let at = text.indexOf(character); at >= 0; at = text.indexOf(character, at + 1)) count += 1;
  return count;
}
