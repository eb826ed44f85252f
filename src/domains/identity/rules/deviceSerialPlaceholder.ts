import type { DeviceFields } from './entities.ts';
import type { RecordRule } from './rule.ts';
import { cleanText, isBlank } from './values/cleanText.ts';
import { isSpreadsheetError, serialNumberKey } from './values/serialNumber.ts';

export const deviceSerialPlaceholder: RecordRule<'device'> = {
  kind: 'record',
  id: 'device.serial.placeholder',
  version: 2,
  entityType: 'device',
  severity: 'WARNING',
  description:
    'A serial number is one: no placeholder such as N/A, 0000, QWERTY, #REF! or “To be filled by O.E.M.”, and not the name of the model or the manufacturer.',
  fields: ['serialNumber', 'manufacturer', 'model'],
  rationale: 'It says of many devices what should tell each from the others.',
  example: { serialNumber: 'To be filled by O.E.M.' },
  check(device, _context, report) {
    const { serialNumber } = device;
    if (serialNumber === null || isBlank(serialNumber)) return;
    const problem = describeProblem(serialNumber, device);
    if (problem === null) return;
    report({
      field: 'serialNumber',
      message: problem,
      currentValue: serialNumber,
      suggestedValue: null,
    });
  },
};

const DIGIT = /\d/;
const LETTER = /[a-z]/i;

function describeProblem(
  serialNumber: string,
  { manufacturer, model }: DeviceFields,
): string | null {
  if (isSpreadsheetError(cleanText(serialNumber))) {
    return 'This is the error of a spreadsheet rather than a serial number.';
  }
  // Most have both, as no other placeholder has.
  const isMixed = DIGIT.test(serialNumber) && LETTER.test(serialNumber);
  if (!isMixed && serialNumberKey(serialNumber) === null) {
    return 'This is written where there is no serial number.';
  }
  if (isName(serialNumber, model)) return 'The serial number is the name of the model.';
  if (isName(serialNumber, manufacturer)) {
    return 'The serial number is the name of the manufacturer.';
  }
  return null;
}

function isName(serialNumber: string, name: string | null): boolean {
  // Names are mostly shorter by far, and then nothing has to be made for them.
  if (name === null || serialNumber.length > 2 * name.length) return false;
  if (DIGIT.test(name) !== DIGIT.test(serialNumber)) return false;
  const key = serialNumberKey(name);
  return key !== null && key === serialNumberKey(serialNumber);
}
