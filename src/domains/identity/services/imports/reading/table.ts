/** The encodings that files are read in. */
export const ENCODINGS = ['UTF-8', 'UTF-16LE', 'UTF-16BE', 'WINDOWS-1252'] as const;
export type Encoding = (typeof ENCODINGS)[number];

/** What may part the cells of a line. */
export const DELIMITERS = [',', ';', '\t', '|'] as const;
export type Delimiter = (typeof DELIMITERS)[number];

/** What a file turned out to be. */
export interface TableFormat {
  readonly kind: 'CSV' | 'NDJSON';
  readonly compression: 'GZIP' | null;
  readonly encoding: Encoding;
  /** Null for NDJSON. */
  readonly delimiter: Delimiter | null;
}

/** What a caller knows of the format; the rest is detected. */
export type AskedFormat = Partial<Pick<TableFormat, 'encoding' | 'delimiter'>>;

/** A row that was read. */
export interface ReadRow {
  /** The line on which it begins, from 1. */
  readonly line: number;
  /** In the order of the columns; those that are missing at the end are blank. */
  readonly cells: readonly string[];
  /** Of NDJSON, the values under keys that no object of the sample has. */
  readonly extra?: Readonly<Record<string, string>>;
}

/** A row that can't be read. */
export interface BrokenRow {
  readonly line: number;
  /** Why, as a sentence. */
  readonly problem: string;
  /** Its text, without the line end. */
  readonly raw: string;
}

export type TableRow = ReadRow | BrokenRow;

/** A file as rows of cells. */
export interface Table {
  /**
   * Complete once the rows are read: of a file that has begun with nothing but ASCII, the encoding is
   * UTF-8 until a byte says otherwise.
   */
  readonly format: TableFormat;
  /** The names of the columns, all different and none blank. */
  readonly columns: readonly string[];
  /** Of NDJSON, the keys that no object of the sample has; complete once the rows are read. */
  readonly lateColumns: readonly string[];
  /** The first rows, which are among `rows` too: at most 1,000, and those of the first 256 KB or up to the first. */
  readonly sample: readonly TableRow[];
  /** All rows, to be read once. */
  readonly rows: AsyncIterable<TableRow>;
}

/** Some lines of a file. */
export interface TextBlock {
  /** Whole lines with their ends; only the last of a file may lack its end. */
  readonly text: string;
  /** Which of its lines, from 0, have bytes that are no text in the file's encoding. */
  readonly damaged: readonly number[];
}
