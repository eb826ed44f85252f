import { type MadeDecision, WHOLE_RECORD } from '../../services/review/decisionLog.ts';
import { builder } from '../builder.ts';
import { FindingDecisionEnum } from '../enums.ts';
import { FindingType } from '../staging/finding.ts';
import { StagedRecordType } from '../staging/stagedRecord.ts';
import { User } from '../user.ts';

const DecisionType = builder.objectRef<MadeDecision>('Decision').implement({
  description: 'What somebody decided on a finding, or on a record as a whole.',
  fields: (t) => ({
    decision: t.expose('decision', {
      type: FindingDecisionEnum,
      description: 'What they decided; OPEN where they took a decision back.',
    }),
    version: t.exposeInt('version', { description: 'The version that it made.' }),
    value: t.exposeString('value', {
      nullable: true,
      description:
        'The value that they accepted instead of the suggested one; an empty text means none at all.',
    }),
    matchChoice: t.exposeString('matchChoice', {
      nullable: true,
      description:
        'Where they said what an imported row is to production: the id of the entity, or NEW.',
    }),
    comment: t.exposeString('comment', { nullable: true, description: 'What they said about it.' }),
    decidedBy: t.field({
      type: User,
      nullable: true,
      description: 'Who decided; null for somebody who has left the workspace.',
      resolve: ({ decidedById }, _args, { loaders }) => loaders.user.load(decidedById),
    }),
    decidedAt: t.expose('decidedAt', { type: 'DateTime', description: 'When they decided.' }),
  }),
});

builder.objectField(FindingType, 'decisions', (t) =>
  t.field({
    type: [DecisionType],
    description: 'All that was decided on it, the first decision first.',
    resolve: ({ batchId, rowIndex, ordinal }, _args, { loaders }) =>
      loaders.decisions.load({ batchId, rowIndex, ordinal }),
  }),
);

builder.objectField(StagedRecordType, 'decisions', (t) =>
  t.field({
    type: [DecisionType],
    description: 'All that was decided on it as a whole, the first decision first.',
    resolve: ({ batchId, rowIndex }, _args, { loaders }) =>
      loaders.decisions.load({ batchId, rowIndex, ordinal: WHOLE_RECORD }),
  }),
);
