import { CliError } from './cliError.ts';

/** @throws CliError for what is no row */
export function parseRow(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new CliError(`--row: "${text}" is no row: rows are numbered from 0.`);
}
