/** Why a decision left a finding or a record as it was, with what to tell its reviewer. */
export const SKIP_MESSAGES = {
  ALREADY_DECIDED: 'This has been decided in the same way already.',
  ALREADY_APPLIED: 'What was accepted is in production. Revert the promotion first.',
  NO_SUGGESTED_VALUE: 'There is no suggested value. Accept it with a value of your own.',
  LIKELY_SUGGESTION:
    'The suggested value is likely, not certain. Accept such findings one by one, or include likely ones.',
  DUPLICATE: 'Duplicates are merged, or marked as no duplicates; they are not accepted one by one.',
  PART_OF_MERGE: 'The findings of a merge are decided together. Reopen them first.',
  REVERTED_RECORD:
    'What was promoted of the record has been undone. Reopen its accepted findings first.',
  AMBIGUOUS_RECORD:
    'The record may be one of several entities, or a new one. Choose its match first.',
  UNCHANGED_RECORD: 'The record would change nothing, so there is nothing to decide on.',
  INVALID_RECORD: 'The record could not be read, so there is nothing to decide on.',
} as const;

export type SkipReason = keyof typeof SKIP_MESSAGES;

/** How many a decision left as they were, and why. */
export interface SkippedCount {
  readonly reason: SkipReason;
  readonly message: string;
  readonly count: number;
}

/** What came of a decision. */
export interface DecisionResult {
  /** Null where nothing was decided. */
  readonly decisionId: string | null;
  readonly decidedCount: number;
  readonly skipped: readonly SkippedCount[];
}

const REASONS: readonly SkipReason[] = [
  'ALREADY_DECIDED',
  'ALREADY_APPLIED',
  'NO_SUGGESTED_VALUE',
  'LIKELY_SUGGESTION',
  'DUPLICATE',
  'PART_OF_MERGE',
  'REVERTED_RECORD',
  'AMBIGUOUS_RECORD',
  'UNCHANGED_RECORD',
  'INVALID_RECORD',
];

/** The counts of those that were skipped, in a fixed order. */
export function skippedCounts(counts: ReadonlyMap<string | null, number>): readonly SkippedCount[] {
  return REASONS.flatMap((reason) => {
    const count = counts.get(reason) ?? 0;
    return count === 0 ? [] : [{ reason, message: SKIP_MESSAGES[reason], count }];
  });
}
