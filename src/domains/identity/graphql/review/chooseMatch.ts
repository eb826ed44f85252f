import { readStagedRecords } from '../../services/staging/stagedRecords.ts';
import { builder } from '../builder.ts';
import { signedIn } from '../context.ts';
import { StagedRecordType } from '../staging/stagedRecord.ts';
import { loadBatchFor } from './reviewedBatch.ts';

const MatchChoiceInput = builder.inputType('MatchChoice', {
  description: 'What a row of an import is to production.',
  fields: (t) => ({
    rowIndex: t.int({ required: true, description: 'The row.' }),
    entityId: t.id({
      description:
        'The id of the entity that it updates: one of its candidates, or another active one of its type and workspace. Without it, the row becomes a new entity.',
    }),
    version: t.int({
      description:
        'The version of the record that you saw. Where somebody has decided on it since, nothing is chosen and you get CONFLICT; without it, also where somebody else had decided before.',
    }),
  }),
});

const ChooseMatchInput = builder.inputType('ChooseMatchInput', {
  description: 'What rows of an import are to production.',
  fields: (t) => ({
    batchId: t.id({ required: true, description: 'The id of the batch.' }),
    choices: t.field({
      type: [MatchChoiceInput],
      required: true,
      description: 'The rows, each with what it is; at most 1000.',
    }),
    comment: t.string({ description: 'What others should know about it.' }),
  }),
});

builder.mutationField('chooseMatch', (t) =>
  t.field({
    type: [StagedRecordType],
    description:
      'Says what rows of an import are to production, where several entities may be meant or another one is. They are checked anew, and to be decided on then. Returns their records.',
    args: {
      input: t.arg({
        type: ChooseMatchInput,
        required: true,
        description: 'The rows, and what they are.',
      }),
    },
    authScopes: { authenticated: true },
    resolve: async (_parent, { input }, context) => {
      const batch = await loadBatchFor(context, input.batchId, 'canReview');
      const { pool, matchChoice } = context.runtime;
      const choices = input.choices.map(({ rowIndex, entityId, version }) => ({
        ...{ rowIndex, entityId: entityId ?? null, version: version ?? null },
      }));
      await matchChoice.chooseMatch({
        ...{ batchId: batch.id, actorId: signedIn(context), choices },
        comment: input.comment ?? null,
      });
      context.loaders.stagedBatch.clear(batch.id);
      const rowIndexes = choices.map(({ rowIndex }) => rowIndex);
      return [...(await readStagedRecords(pool, batch, rowIndexes))];
    },
  }),
);
