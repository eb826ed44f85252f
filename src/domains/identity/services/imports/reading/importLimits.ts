import type { Config } from '../../../../../platform/config.ts';
import { badUserInput } from '../../../../../platform/errors.ts';

/** How much one import may bring. */
export type ImportLimits = Config['importLimits'];

const VARIABLES = {
  bytes: 'IMPORT_MAX_BYTES',
  rows: 'IMPORT_MAX_ROWS',
  columns: 'IMPORT_MAX_COLUMNS',
  rowCharacters: 'IMPORT_MAX_ROW_CHARACTERS',
  inflation: 'IMPORT_MAX_INFLATION',
  apiRows: 'IMPORT_MAX_API_ROWS',
} as const satisfies Record<keyof ImportLimits, string>;

/**
 * @param problem - what is too much, without the figure: `The file has more rows than`
 * @param field - where it came in
 */
export function pastLimit(
  limits: ImportLimits,
  limit: keyof ImportLimits,
  problem: string,
  field = 'file',
): Error {
  const most = limits[limit].toLocaleString('en-US');
  return badUserInput(
    field,
    `${problem} ${most}, which ${VARIABLES[limit]} allows. Nothing was imported.`,
  );
}
