import type { DeviceFields } from './entities.ts';
import { parameterValue, type RecordRule, type RuleContext, type RuleParameter } from './rule.ts';

const EARLIEST_YEAR: RuleParameter = {
  id: 'device.dates.implausible.earliestYear',
  description: 'The year before which no device in use was installed.',
  default: 1980,
  minimum: 1900,
  maximum: 2100,
};

/** First days of the calendars of spreadsheets and computers, written where a date is missing. */
const PLACEHOLDERS: ReadonlySet<string> = new Set([
  '1970-01-01', // Unix
  '1980-01-01', // FAT and GPS, which counts from the 6th
  '1980-01-06',
]);

const DAY_MS = 24 * 60 * 60 * 1_000;

export const deviceDatesImplausible: RecordRule<'device'> = {
  kind: 'record',
  id: 'device.dates.implausible',
  version: 1,
  entityType: 'device',
  severity: 'WARNING',
  description:
    'A device was installed after a certain year, not in the future unless it is planned, and not after the end of its warranty.',
  fields: ['installedOn', 'warrantyEndsOn', 'status'],
  rationale: 'Maintenance and claims under the warranty go by these dates.',
  example: { installedOn: '2023-05-04', warrantyEndsOn: '2021-05-03' },
  parameters: [EARLIEST_YEAR],
  check(device, context, report) {
    const { installedOn, warrantyEndsOn } = device;
    const problem =
      installedOn === null ? null : problemOfInstallation(installedOn, device, context);
    if (problem !== null) {
      report({
        field: 'installedOn',
        message: problem,
        currentValue: installedOn,
        suggestedValue: null,
      });
    }
    if (warrantyEndsOn === null) return;
    const end = problemOfWarranty(warrantyEndsOn, problem === null ? installedOn : null, context);
    if (end === null) return;
    report({
      field: 'warrantyEndsOn',
      message: end,
      currentValue: warrantyEndsOn,
      suggestedValue: null,
    });
  },
  turningDays: ({ today }) => [{ field: 'installedOn', day: dayAfter(today) }],
};

function problemOfInstallation(
  installedOn: string,
  { status }: DeviceFields,
  context: RuleContext,
): string | null {
  if (
    installedOn > context.today &&
    status !== 'PLANNED' &&
    installedOn > dayAfter(context.today)
  ) {
    return 'The device is to be installed in the future, but is not planned.';
  }
  return problemOfAge(installedOn, context);
}

function problemOfWarranty(
  endsOn: string,
  installedOn: string | null,
  context: RuleContext,
): string | null {
  if (installedOn !== null && endsOn < installedOn && problemOfAge(endsOn, context) === null) {
    return 'The warranty ended before the device was installed.';
  }
  return problemOfAge(endsOn, context);
}

function problemOfAge(day: string, context: RuleContext): string | null {
  if (PLACEHOLDERS.has(day)) {
    return 'This is the day that computers write where a date is missing.';
  }
  const earliest = parameterValue(context, EARLIEST_YEAR);
  return yearOf(day) < earliest
    ? `This is before ${earliest}, when no such device was there.`
    : null;
}

function yearOf(day: string): number {
  return Number(day.slice(0, day.indexOf('-', 1)));
}

/** East of Greenwich it may be the next day already. */
function dayAfter(day: string): string {
  return new Date(Date.parse(day) + DAY_MS).toISOString().slice(0, 10);
}
