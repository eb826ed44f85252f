import { formatTable } from '../platform/table.ts';
import { describeProbability } from './probability.ts';
import type { ReviewedRecord } from './reviewRows.ts';
import { describeSuggestion } from './suggestion.ts';

type ReviewedFinding = ReviewedRecord['findings'][number];

interface Column {
  readonly head: string;
  /** @param finding - undefined for a record that is listed without one */
  readonly cell: (record: ReviewedRecord, finding: ReviewedFinding | undefined) => string;
}

const COLUMNS: readonly Column[] = [
  { head: 'Finding', cell: ({ rowIndex }, f) => (f ? `${rowIndex}:${f.ordinal}` : `${rowIndex}`) },
  { head: 'Entity', cell: ({ entityType }) => entityType.toLowerCase() },
  { head: 'Id', cell: idOf },
  { head: 'Status', cell: ({ status }) => status },
  { head: 'Match', cell: describeMatch },
  { head: 'Severity', cell: (_, f) => f?.severity ?? '' },
  { head: 'Rule', cell: (_, f) => f?.ruleId ?? '' },
  { head: 'Field', cell: (_, f) => f?.field ?? '' },
  { head: 'Message', cell: ({ statusReason }, f) => f?.message ?? statusReason ?? '' },
  { head: 'State', cell: (_, f) => f?.state ?? '' },
  { head: 'Current', cell: (_, f) => f?.currentValue ?? '' },
  { head: 'Suggested', cell: (_, f) => f?.editedValue ?? (f ? describeSuggestion(f) : '') },
];

/** The records with a line for each finding. */
export function formatRecords(records: readonly ReviewedRecord[]): string {
  const areMatched = records.some(({ match }) => match !== null);
  const columns = COLUMNS.filter(({ head }) => head !== 'Match' || areMatched);
  return formatTable(
    columns.map(({ head }) => head),
    records.flatMap((record) =>
      (record.findings.length === 0 ? [undefined] : record.findings).map((finding) =>
        columns.map(({ cell }) => cell(record, finding)),
      ),
    ),
  );
}

/** Candidates are chosen by their ids, so these are shown where there is something to choose. */
function describeMatch({ match }: ReviewedRecord): string {
  if (match === null) return '';
  if (match.kind !== 'AMBIGUOUS') return match.kind;
  return [
    match.kind,
    ...match.candidates.map(({ entityId, probability }) =>
      probability === null ? `? ${entityId}` : `? ${entityId} (${Math.floor(probability * 100)} %)`,
    ),
  ].join('\n');
}

/** Duplicates are merged by their ids, so these are shown where a finding names others. */
function idOf({ entity, rawData }: ReviewedRecord, finding: ReviewedFinding | undefined): string {
  const known = entity?.externalId ?? entity?.id ?? String(rawData.externalId ?? '');
  const related = finding?.relatedEntityIds ?? [];
  if (entity === null || related.length === 0) return known;
  return [
    ...new Set([known, entity.id]),
    ...related.map((id) => `= ${id}${describeProbability(id, finding?.matches ?? [])}`),
  ].join('\n');
}
