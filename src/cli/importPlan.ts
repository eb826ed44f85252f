import { z } from 'zod';
import { printNote } from './output.ts';

const decision = z.object({
  value: z.string(),
  reason: z.string(),
  example: z.string().nullable(),
});

/** How the gateway says that it reads a file. */
export const planShape = z.object({
  format: z.object({
    kind: z.string(),
    compression: z.string().nullable(),
    encoding: z.string(),
    delimiter: z.string().nullable(),
  }),
  columns: z.array(
    z.object({
      column: z.string(),
      field: z.string().nullable(),
      reason: z.string().nullable(),
      takenBy: z.string().nullable(),
    }),
  ),
  mapping: z.record(z.string(), z.string()),
  unmappedColumns: z.array(z.string()),
  missingColumns: z.array(z.string()),
  dateOrder: decision,
  decimalSeparator: decision,
  blankErases: z.boolean(),
});

type Plan = z.infer<typeof planShape>;
type Decision = z.infer<typeof decision>;

const DATES = ['birthDate', 'installedOn', 'warrantyEndsOn'];
const NUMBERS = ['latitude', 'longitude'];

/** Says what was detected, and how the columns were mapped. */
export function printPlan(plan: Plan): void {
  const { columns, missingColumns, dateOrder, decimalSeparator, blankErases } = plan;
  printNote(`Read as ${describeFormat(plan.format)}.`);
  const mapped = columns.filter(({ field }) => field !== null);
  printNote(`Columns: ${mapped.map(describeColumn).join(', ')}.`);
  const unmapped = columns.filter(({ field }) => field === null);
  if (unmapped.length > 0) {
    printNote(
      `Kept with the rows, but filling no field: ${unmapped.map(describeUnmapped).join(', ')}.`,
    );
  }
  if (missingColumns.length > 0) {
    printNote(`In the mapping, but not in the file: ${missingColumns.join(', ')}.`);
  }
  const fields = new Set(mapped.map(({ field }) => field ?? ''));
  if (DATES.some((field) => fields.has(field))) {
    printNote(`Dates of three numbers are read as ${described(dateOrder)}.`);
  }
  if (NUMBERS.some((field) => fields.has(field))) {
    printNote(
      `Decimal numbers are read with "${decimalSeparator.value}"${whyOf(decimalSeparator)}.`,
    );
  }
  if (blankErases) printNote('Blank cells erase what is there.');
}

function describeFormat({ kind, compression, encoding, delimiter }: Plan['format']): string {
  const parted =
    delimiter === null ? '' : `, parted by ${delimiter === '\t' ? 'tabs' : `"${delimiter}"`}`;
  return `${kind} in ${encoding}${parted}${compression === null ? '' : `, from ${compression}`}`;
}

const REASONS: Readonly<Record<string, string>> = { SYNONYM: ' (a synonym)', SAVED: ' (as saved)' };

function describeColumn({ column, field, reason }: Plan['columns'][number]): string {
  return `"${column}" fills ${field}${REASONS[reason ?? ''] ?? ''}`;
}

function describeUnmapped({ column, takenBy }: Plan['columns'][number]): string {
  return takenBy === null ? `"${column}"` : `"${column}" (its field is filled by "${takenBy}")`;
}

function described(decision: Decision): string {
  return `${decision.value}${whyOf(decision)}`;
}

function whyOf({ reason, example }: Decision): string {
  switch (reason) {
    case 'SAVED':
      return ', as saved';
    case 'VALUES':
      return `, as "${example}" tells`;
    case 'COUNTRY':
      return ", as is usual in the workspace's default country";
    case 'DEFAULT':
      return ', as nothing tells otherwise';
    default:
      return '';
  }
}
