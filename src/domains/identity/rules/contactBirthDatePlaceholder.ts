import type { RecordRule } from './rule.ts';
import { cleanText } from './values/cleanText.ts';

export const contactBirthDatePlaceholder: RecordRule<'contact'> = {
  kind: 'record',
  id: 'contact.birth-date.placeholder',
  version: 1,
  entityType: 'contact',
  severity: 'INFO',
  description: 'A birth date is none of those that stand for one that is not known.',
  fields: ['kind', 'birthDate'],
  rationale: 'A made-up birth date passes for knowledge, and makes strangers look alike.',
  example: { birthDate: '1970-01-01' },
  check({ kind, birthDate }, _context, report) {
    if (birthDate === null || kind !== 'PERSON') return;
    const reason = REASONS.get(cleanText(birthDate));
    if (reason === undefined) return;
    report({
      field: 'birthDate',
      message: `The birth date ${reason}: worth a look, although some people were born that day.`,
      currentValue: birthDate,
      suggestedValue: null,
    });
  },
};

/** Dates within people’s lives; those before are implausible in any case. */
const REASONS: ReadonlyMap<string, string> = new Map([
  ['1911-11-11', 'is what comes of typing ones only'],
  ['1970-01-01', 'is the first day of Unix time, which systems write where none is known'],
]);
