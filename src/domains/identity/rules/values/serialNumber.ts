import { isPrintableAscii } from './printableAscii.ts';

const SEPARATORS = /[^\p{L}\p{M}\p{N}]/gu;

/** What people and firmware write where there is no serial number; separators are gone by then. */
const PLACEHOLDERS: ReadonlySet<string> = new Set([
  '0123456789',
  '1234567890',
  '123456789',
  '12345678',
  '1234567',
  '123456',
  '12345',
  '1234',
  '123',
  'DEFAULTSTRING',
  'ILLEGIBLE',
  'INVALID',
  'MISSING',
  'NA',
  'NIL',
  'NOLABEL',
  'NONE',
  'NOSERIAL',
  'NOSERIALNUMBER',
  'NOTAPPLICABLE',
  'NOTAVAILABLE',
  'NOTKNOWN',
  'NOTREADABLE',
  'NOTSPECIFIED',
  'NULL',
  'OEM',
  'PENDING',
  'SEELABEL',
  'SERIAL',
  'SERIALNUMBER',
  'SN',
  'SYSTEMSERIALNUMBER',
  'TBA',
  'TBC',
  'TBD',
  'TEST',
  'TOBEFILLEDBYOEM',
  'UNDEFINED',
  'UNKNOWN',
  'UNREADABLE',
]);

/** One character over and over, such as `0000` or `XXX`. */
const REPEATED = /^(.)\1*$/u;

/** What spreadsheets show where a formula fails. */
const SPREADSHEET_ERROR = /^#(?:REF!|NAME\?|VALUE!|DIV\/0!|NUM!|SPILL!|CALC!)$/i;

/** As spreadsheets show long numbers. Without the plus, as in 12E5, it may be a serial number. */
const ROUNDED_NUMBER = /^\d(?:[.,]\d+)?E\+\d{1,3}$/i;

/** Shorter ones are codes. */
const LETTERS_ALONE = /^[A-Z]{5,}$/;

/** Neighbours in the alphabet and on the keyboards of most users. */
const LETTERS_IN_A_ROW = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ QWERTYUIOP QWERTZUIOP AZERTYUIOP ASDFGHJKL';

/** Whether a cleaned text is a number that a spreadsheet has rounded, which then others are as well. */
export function isRoundedNumber(text: string): boolean {
  return text.includes('+') && ROUNDED_NUMBER.test(text);
}

/** Whether a text is the error of a spreadsheet, such as `#REF!`. */
export function isSpreadsheetError(text: string): boolean {
  return text.startsWith('#') && SPREADSHEET_ERROR.test(text);
}

/**
 * The form in which serial numbers are compared: upper case, without separators. Null for one that
 * identifies nothing: empty, rounded, the error of a spreadsheet, letters in a row or a placeholder
 * such as `N/A`, `UNKNOWN` or `0000`.
 */
export function serialNumberKey(serialNumber: string): string | null {
  const text = isPrintableAscii(serialNumber) ? serialNumber : serialNumber.normalize('NFKC');
  if (isSpreadsheetError(text) || isRoundedNumber(text)) return null;
  const key = text.toUpperCase().replace(SEPARATORS, '');
  const isNone = key === '' || REPEATED.test(key) || PLACEHOLDERS.has(key) || isInARow(key);
  return isNone ? null : key;
}

function isInARow(key: string): boolean {
  return LETTERS_ALONE.test(key) && LETTERS_IN_A_ROW.includes(key);
}
