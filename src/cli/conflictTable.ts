import { formatTable } from '../platform/table.ts';
import type { ReviewedRecord } from './reviewRows.ts';

/** One field of a record in conflict; of an import, any field of the row may be. */
interface ConflictLine {
  /** Of the finding, or of the record where no finding is about the field. */
  readonly key: string;
  readonly rule: string;
  readonly field: string;
  readonly decision: string;
  readonly found: string;
  readonly present: string;
  readonly ours: string;
}

/** Records in conflict: what production has beside what was accepted, a line for each field. */
export function formatConflicts(records: readonly ReviewedRecord[]): string {
  return formatTable(
    [
      ...['Finding', 'Entity', 'Id', 'Rule', 'Field', 'Decision', 'Found', 'In production', 'Ours'],
      'Why',
    ],
    records.flatMap((record) => {
      const { entityType, entity, statusReason } = record;
      const id = entity?.externalId ?? entity?.id ?? '';
      return linesOf(record).map(({ key, rule, field, decision, found, present, ours }) => [
        ...[key, entityType.toLowerCase(), id, rule, field, decision, found, present, ours],
        statusReason ?? '',
      ]);
    }),
  );
}

function linesOf({ rowIndex, decision, findings, change }: ReviewedRecord): ConflictLine[] {
  const { before, after } = change ?? { before: null, after: null };
  const ofFindings = findings.map((finding) => ({
    key: `${rowIndex}:${finding.ordinal}`,
    rule: finding.ruleId,
    field: finding.field,
    decision: finding.decision,
    found: finding.currentValue ?? '',
    present: finding.presentValue ?? textOf(before?.[finding.field]),
    ours: finding.editedValue ?? finding.suggestedValue ?? textOf(after?.[finding.field]),
  }));
  const ofRow = { key: `${rowIndex}`, rule: '', decision: decision ?? '', found: '' };
  const others = Object.keys(after ?? {})
    .filter((field) => findings.every((finding) => finding.field !== field))
    .map((field) => {
      const values = { present: textOf(before?.[field]), ours: textOf(after?.[field]) };
      return { ...ofRow, field, ...values };
    });
  const lines = [...ofFindings, ...others];
  return lines.length > 0 ? lines : [{ ...ofRow, field: '', present: '', ours: '' }];
}

function textOf(value: unknown): string {
  return value === null || value === undefined ? '' : String(value);
}
