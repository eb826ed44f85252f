import type { RecordRule, RuleParameter } from './rule.ts';
import { parameterValue } from './rule.ts';
import { cleanText } from './values/cleanText.ts';

const MAXIMUM_AGE: RuleParameter = {
  id: 'contact.birth-date.implausible.maximumAge',
  description: 'The age, in years, beyond which nobody is believed to be alive.',
  default: 120,
  minimum: 0,
  maximum: 200,
};

export const contactBirthDateImplausible: RecordRule<'contact'> = {
  kind: 'record',
  id: 'contact.birth-date.implausible',
  version: 2,
  entityType: 'contact',
  severity: 'WARNING',
  description:
    'A birth date is neither in the future nor longer ago than people live, and an organisation has none.',
  fields: ['kind', 'birthDate'],
  rationale: 'People are told apart, and their age is checked, by their birth dates.',
  example: { birthDate: '2062-03-14' },
  parameters: [MAXIMUM_AGE],
  check({ kind, birthDate }, context, report) {
    if (birthDate === null || birthDate === '') return;
    const message =
      kind === 'ORGANISATION'
        ? 'An organisation has no birth date: this may be a person’s record, or the date of something else.'
        : describeProblem(
            cleanText(birthDate),
            context.today,
            parameterValue(context, MAXIMUM_AGE),
          );
    if (message === null) return;
    report({ field: 'birthDate', message, currentValue: birthDate, suggestedValue: null });
  },
  turningDays: (context) => [
    { field: 'birthDate', day: context.today },
    { field: 'birthDate', day: earliestOf(context.today, parameterValue(context, MAXIMUM_AGE)) },
  ],
};

/** Dates that systems write for none: the first days of their calendars. */
const FIRST_DAYS: ReadonlySet<string> = new Set([
  '0001-01-01',
  '1753-01-01',
  '1899-12-30',
  '1899-12-31',
  '1900-01-00',
  '1900-01-01',
  '1901-01-01',
  '1904-01-01',
]);

/** The beginning of a date with a year after 9999, as PostgreSQL writes it. */
const FIVE_DIGITS = /^\+?\d{5}/;

function describeProblem(birthDate: string, today: string, maximumAge: number): string | null {
  // Years after 9999 have more digits than ISO 8601 writes without saying so.
  if (FIVE_DIGITS.test(birthDate) || birthDate > today) return 'The birth date is in the future.';
  // Of other dates, the earlier is the lesser text.
  if (birthDate >= earliestOf(today, maximumAge)) return null;
  return FIRST_DAYS.has(birthDate)
    ? 'The birth date is one that systems write where none is known.'
    : `The birth date is more than ${maximumAge} years ago.`;
}

/** The birth date of who has the maximum age today; a leap day may be none in that year. */
function earliestOf(today: string, maximumAge: number): string {
  return String(Number(today.slice(0, 4)) - maximumAge).padStart(4, '0') + today.slice(4);
}
