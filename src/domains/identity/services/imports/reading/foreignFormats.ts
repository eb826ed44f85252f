import { badUserInput } from '../../../../../platform/errors.ts';

/** How files begin that people take for a table; https://en.wikipedia.org/wiki/List_of_file_signatures */
const SIGNATURES: readonly { readonly bytes: string; readonly what: string }[] = [
  { bytes: 'PK\x03\x04', what: 'a spreadsheet or another ZIP file' },
  { bytes: '\xd0\xcf\x11\xe0', what: 'a spreadsheet of old Excel' },
  { bytes: '%PDF-', what: 'a PDF' },
  { bytes: '\x89PNG', what: 'an image' },
  { bytes: '\xff\xd8\xff', what: 'an image' },
  { bytes: 'GIF8', what: 'an image' },
  { bytes: '\x1f\x8b\x08', what: 'a gzip file within another' },
  { bytes: '\x28\xb5\x2f\xfd', what: 'compressed with zstd' },
  { bytes: 'BZh', what: 'compressed with bzip2' },
  { bytes: '\xfd7zXZ', what: 'compressed with xz' },
  { bytes: '7z\xbc\xaf', what: 'a 7z archive' },
  { bytes: 'SQLite format 3', what: 'an SQLite database' },
  { bytes: 'PAR1', what: 'a Parquet file' },
];

const BYTES_LOOKED_AT = 4_096;
/** Text has hardly any control character but tabs and line ends; of random bytes, a tenth are. */
const CONTROLS_OF_BINARY = 0.02;

/** @throws `BAD_USER_INPUT` naming what a file is that is no text of single bytes or UTF-8 */
export function assertText(head: Buffer): void {
  const start = head.subarray(0, BYTES_LOOKED_AT).toString('latin1');
  const known = SIGNATURES.find(({ bytes }) => start.startsWith(bytes));
  if (known !== undefined) {
    throw badUserInput('file', `The file is ${known.what}: save it as CSV.`);
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is about those
  const controls = start.match(/[\0-\x08\x0b\x0e-\x1f]/g)?.length ?? 0;
  // One alone may have strayed into a file of a few lines.
  if (controls > Math.max(1, start.length * CONTROLS_OF_BINARY)) {
    throw badUserInput('file', 'The file is no text: save it as CSV.');
  }
}

/** @throws `BAD_USER_INPUT` for JSON that is not one object a line */
export function assertNoOtherJson(text: string): void {
  if (!/^\s*(?:\{\s*("|$)|\[\s*[[{\]])/.test(text)) return;
  throw badUserInput('file', 'The file is JSON, but not NDJSON: write each object on one line.');
}
