import type { ReviewFilter } from '../../services/review/reviewSelection.ts';
import { builder } from '../builder.ts';
import {
  EntityTypeEnum,
  FindingDecisionEnum,
  MatchKindEnum,
  RecordStatusEnum,
  SeverityEnum,
} from '../enums.ts';

export const ReviewFilterInput = builder.inputRef<ReviewFilter>('ReviewFilter').implement({
  description:
    'Which findings to decide on, or which records: those with such a finding. All conditions must hold.',
  fields: (t) => ({
    ruleId: t.string({ description: 'The rule that found them.' }),
    severity: t.field({ type: SeverityEnum, description: 'How much they matter.' }),
    entityType: t.field({ type: EntityTypeEnum, description: 'The type of entity.' }),
    field: t.string({ description: 'The field of the entity.' }),
    recordStatus: t.field({
      type: RecordStatusEnum,
      description: 'How far the record has come.',
    }),
    decision: t.field({
      type: FindingDecisionEnum,
      description:
        'What has been decided so far. By default OPEN; for reopening, whatever has been decided.',
    }),
    match: t.field({
      type: MatchKindEnum,
      description: 'What imported rows are to production, such as NEW.',
    }),
  }),
});
