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

/**
 * The form in which serial numbers are compared: upper case, without separators. Null for one that
 * identifies nothing: empty, or a placeholder such as `N/A`, `UNKNOWN` or `0000`.
 */
export function serialNumberKey(serialNumber: string): string | null {
  const text = isPrintableAscii(serialNumber) ? serialNumber : serialNumber.normalize('NFKC');
  const key = text.toUpperCase().replace(SEPARATORS, '');
  return key === '' || REPEATED.test(key) || PLACEHOLDERS.has(key) ? null : key;
}
