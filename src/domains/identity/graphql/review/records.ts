import { assignRecords } from '../../services/review/assignRecords.ts';
import { decideRecords } from '../../services/review/decideRecords.ts';
import { selectionOf } from '../../services/review/reviewSelection.ts';
import { builder } from '../builder.ts';
import { signedIn } from '../context.ts';
import { RecordDecisionEnum } from '../enums.ts';
import { DecisionResultType } from './decisionResult.ts';
import { loadBatchFor } from './reviewedBatch.ts';
import { ReviewFilterInput } from './reviewFilter.ts';

const RecordKeyInput = builder.inputType('RecordKey', {
  description: 'One record of a batch.',
  fields: (t) => ({
    rowIndex: t.int({ required: true, description: 'Its row.' }),
    version: t.int({
      description:
        'The version that you saw. Where somebody has decided on it since, nothing is decided and you get CONFLICT; without it, also where somebody else had decided otherwise before.',
    }),
  }),
});

const DecideRecordsInput = builder.inputType('DecideRecordsInput', {
  description: 'Records to decide on as wholes. Give either records or filter.',
  fields: (t) => ({
    batchId: t.id({ required: true, description: 'The id of the batch.' }),
    records: t.field({
      type: [RecordKeyInput],
      description: 'The records, where you name them; at most 10000.',
    }),
    filter: t.field({
      type: ReviewFilterInput,
      description: 'Which records, where you do not name them.',
    }),
    decision: t.field({
      type: RecordDecisionEnum,
      required: true,
      description: 'What you decide.',
    }),
    comment: t.string({ description: 'What others should know about it.' }),
    dryRun: t.boolean({ description: 'Only say what it would come to, and change nothing.' }),
  }),
});

const AssignRecordsInput = builder.inputType('AssignRecordsInput', {
  description: 'Records and whom they shall wait for. Give either rows or filter.',
  fields: (t) => ({
    batchId: t.id({ required: true, description: 'The id of the batch.' }),
    rows: t.intList({
      description: 'The rows of the records, where you name them; at most 10000.',
    }),
    filter: t.field({
      type: ReviewFilterInput,
      description: 'Which records, where you do not name them.',
    }),
    assigneeId: t.id({ description: 'The id of a member of the workspace; nobody without it.' }),
  }),
});

interface Assignment {
  readonly assignedCount: number;
}

const AssignmentResult = builder.objectRef<Assignment>('AssignmentResult').implement({
  description: 'What came of an assignment.',
  fields: (t) => ({
    assignedCount: t.exposeInt('assignedCount', {
      description: 'How many records wait for somebody else than before.',
    }),
  }),
});

builder.mutationFields((t) => ({
  decideRecords: t.field({
    type: DecisionResultType,
    description:
      'Decides on records as wholes, in batches that bring changes of their own, such as imports. What is accepted is carried out when the batch is promoted.',
    args: {
      input: t.arg({ type: DecideRecordsInput, required: true, description: 'Which, and what.' }),
    },
    authScopes: { authenticated: true },
    resolve: async (_parent, { input }, context) => {
      const batch = await loadBatchFor(context, input.batchId, 'canReview');
      const keys = input.records?.map(({ rowIndex, version }) => ({
        rowIndex,
        version: version ?? null,
      }));
      return decideRecords(context.runtime.pool, {
        batchId: batch.id,
        actorId: signedIn(context),
        decision: input.decision,
        selection: selectionOf(
          'records',
          keys ?? null,
          input.filter ?? null,
          ({ rowIndex }) => `Record ${rowIndex}`,
        ),
        comment: input.comment ?? null,
        dryRun: input.dryRun ?? false,
      });
    },
  }),
  assignRecords: t.field({
    type: AssignmentResult,
    description: 'Says whom records wait for; they are listed in that member’s review queue.',
    args: {
      input: t.arg({ type: AssignRecordsInput, required: true, description: 'Which, to whom.' }),
    },
    authScopes: { authenticated: true },
    resolve: async (_parent, { input }, context) => {
      const batch = await loadBatchFor(context, input.batchId, 'canReview');
      const assignedCount = await assignRecords(context.runtime.pool, {
        batchId: batch.id,
        selection: selectionOf(
          'rows',
          input.rows ?? null,
          input.filter ?? null,
          (rowIndex) => `Record ${rowIndex}`,
        ),
        assigneeId: input.assigneeId ?? null,
      });
      return { assignedCount };
    },
  }),
}));
