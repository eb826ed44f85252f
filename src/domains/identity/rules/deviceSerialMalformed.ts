import type { FindingDraft, RecordRule } from './rule.ts';
import { cleanText } from './values/cleanText.ts';
import { isRoundedNumber, serialNumberKey } from './values/serialNumber.ts';

/** What serial numbers are made of, as nearly all are: those are not looked at any further. */
const PLAIN = /^[A-Z0-9-]+$/;

/** What stands before the number on labels, with the sign that divides the two. */
const LABEL =
  /^(?:s\s*[/.]?\s*n\s*\.?|serial(?:\s*(?:number|no\.?|nr\.?|num\.?|#))?|serien(?:nummer|nr\.?)|n[°º]\s*de\s*s[ée]rie)\s*(?:[:=#]+\s*|\s+(?=\S*\d))(\S.*)$/iu;

/** Words of letters, as sentences have them and serial numbers don't. */
const WORD = /(?<![\p{L}\p{N}-])\p{L}{2,}(?![\p{L}\p{N}-])/gu;

/** Three words or more are a remark, such as `see label on back`. */
const WORDS_OF_A_REMARK = 3;

export const deviceSerialMalformed: RecordRule<'device'> = {
  kind: 'record',
  id: 'device.serial.malformed',
  version: 2,
  entityType: 'device',
  severity: 'WARNING',
  description:
    'A serial number stands alone, without a label such as “S/N:” and without remarks, and was not rounded by a spreadsheet, as 1.23457E+12 was.',
  fields: ['serialNumber'],
  rationale: 'It does not match the number that the device itself, or its maker, reports.',
  example: { serialNumber: 'S/N: BM-100234' },
  check({ serialNumber }, _context, report) {
    if (serialNumber === null || PLAIN.test(serialNumber)) return;
    const text = cleanText(serialNumber);
    // A placeholder is a finding of its own.
    if (text === '' || (serialNumberKey(text) === null && !isRoundedNumber(text))) return;
    const problem = findProblem(text);
    if (problem !== null) report({ field: 'serialNumber', currentValue: serialNumber, ...problem });
  },
};

function findProblem(text: string): Omit<FindingDraft, 'field' | 'currentValue'> | null {
  if (isRoundedNumber(text)) {
    const message = 'A spreadsheet has rounded this number: its last digits are lost.';
    return { message, suggestedValue: null };
  }
  const number = withoutLabel(text);
  if (number !== text) {
    const isOne = serialNumberKey(number) !== null && !isRemark(number);
    return {
      message: 'The serial number begins with its label.',
      ...(isOne
        ? { suggestedValue: number, certainty: 'LIKELY' as const }
        : { suggestedValue: null }),
    };
  }
  if (!isRemark(text)) return null;
  return { message: 'This is a remark rather than a serial number.', suggestedValue: null };
}

/** People write labels before labels: `Serial: SN: 123`. */
function withoutLabel(text: string): string {
  const number = LABEL.exec(text)?.[1];
  return number === undefined ? text : withoutLabel(number.trim());
}

function isRemark(text: string): boolean {
  return (text.match(WORD)?.length ?? 0) >= WORDS_OF_A_REMARK;
}
