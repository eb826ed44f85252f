import {
  type DecisionResult,
  SKIP_MESSAGES,
  type SkippedCount,
} from '../../services/review/skipReasons.ts';
import { builder } from '../builder.ts';

const SkipReasonEnum = builder.enumType('SkipReason', {
  description: 'Why a decision left a finding or a record as it was.',
  values: {
    ALREADY_DECIDED: { description: SKIP_MESSAGES.ALREADY_DECIDED },
    ALREADY_APPLIED: { description: SKIP_MESSAGES.ALREADY_APPLIED },
    NO_SUGGESTED_VALUE: { description: SKIP_MESSAGES.NO_SUGGESTED_VALUE },
    LIKELY_SUGGESTION: { description: SKIP_MESSAGES.LIKELY_SUGGESTION },
    DUPLICATE: { description: SKIP_MESSAGES.DUPLICATE },
    PART_OF_MERGE: { description: SKIP_MESSAGES.PART_OF_MERGE },
    REVERTED_RECORD: { description: SKIP_MESSAGES.REVERTED_RECORD },
    AMBIGUOUS_RECORD: { description: SKIP_MESSAGES.AMBIGUOUS_RECORD },
    UNCHANGED_RECORD: { description: SKIP_MESSAGES.UNCHANGED_RECORD },
    INVALID_RECORD: { description: SKIP_MESSAGES.INVALID_RECORD },
  } as const,
});

const SkippedCountType = builder.objectRef<SkippedCount>('SkippedCount').implement({
  description: 'How many a decision left as they were, for one reason.',
  fields: (t) => ({
    reason: t.expose('reason', { type: SkipReasonEnum, description: 'The reason.' }),
    message: t.exposeString('message', { description: 'The reason in words, and what to do.' }),
    count: t.exposeInt('count', { description: 'How many there are.' }),
  }),
});

export const DecisionResultType = builder.objectRef<DecisionResult>('DecisionResult').implement({
  description: 'What came of a decision.',
  fields: (t) => ({
    decisionId: t.exposeID('decisionId', {
      nullable: true,
      description: 'The id that the decision is kept under; none where nothing was decided.',
    }),
    decidedCount: t.exposeInt('decidedCount', { description: 'How many were decided.' }),
    skipped: t.field({
      type: [SkippedCountType],
      description: 'How many of those that were meant were left as they were, and why.',
      resolve: ({ skipped }) => skipped,
    }),
  }),
});
