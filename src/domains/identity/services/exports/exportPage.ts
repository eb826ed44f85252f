import { badUserInput } from '../../../../platform/errors.ts';

/** A part of a file that is exported: the texts of all pages, one after another, are the file. */
export interface ExportPage<Position> {
  /** Whole lines; those of CSV begin with the header on the first page. */
  readonly text: string;
  /** How many rows it has, the header not among them. */
  readonly rowCount: number;
  /** Of the last row; null where there is none. */
  readonly end: Position | null;
  readonly hasNextPage: boolean;
}

export const MAX_EXPORTED_ROWS = 10_000;

/** @throws `BAD_USER_INPUT` for a page size that is out of bounds */
export function assertExportSize(first: number): void {
  if (first >= 1 && first <= MAX_EXPORTED_ROWS) return;
  throw badUserInput('first', `"first" must be between 1 and ${MAX_EXPORTED_ROWS}, not ${first}.`);
}
