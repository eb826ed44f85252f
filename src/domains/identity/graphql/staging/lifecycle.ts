import { builder } from '../builder.ts';
import { type IdentityContext, signedIn } from '../context.ts';
import { loadOrNotFound } from '../entityLoaders.ts';
import { loadBatchFor } from '../review/reviewedBatch.ts';
import { StagedBatch } from './stagedBatch.ts';

const CancelStagedBatchInput = builder.inputType('CancelStagedBatchInput', {
  description: 'What to cancel.',
  fields: (t) => ({
    batchId: t.id({ required: true, description: 'The id of the staged batch.' }),
  }),
});

const RetryStagedBatchInput = builder.inputType('RetryStagedBatchInput', {
  description: 'What to retry.',
  fields: (t) => ({
    batchId: t.id({ required: true, description: 'The id of the staged batch.' }),
  }),
});

builder.mutationFields((t) => ({
  cancelStagedBatch: t.field({
    type: StagedBatch,
    description:
      'Stops a batch for good, between two of its parts. A promotion or reversal ends where it is: what it has applied stays applied, and `failureReason` says so. An EDITOR may cancel a batch of their own, a REVIEWER any.',
    args: {
      input: t.arg({
        type: CancelStagedBatchInput,
        required: true,
        description: 'What to cancel.',
      }),
    },
    authScopes: { authenticated: true },
    resolve: async (_parent, { input }, context) => {
      const batch = await loadBatchFor(context, input.batchId, 'canCreate');
      if (batch.createdById !== signedIn(context)) {
        await context.demand('canReview', batch.workspaceId);
      }
      await context.runtime.lifecycle.cancelStagedBatch(batch.id);
      return asItIsNow(context, batch.id);
    },
  }),
  retryStagedBatch: t.field({
    type: StagedBatch,
    description: 'Goes on with a batch that has failed, from the parts that are not done.',
    args: {
      input: t.arg({ type: RetryStagedBatchInput, required: true, description: 'What to retry.' }),
    },
    authScopes: { authenticated: true },
    resolve: async (_parent, { input }, context) => {
      const { id } = await loadBatchFor(context, input.batchId, 'canReview');
      await context.runtime.lifecycle.retryStagedBatch(id);
      return asItIsNow(context, id);
    },
  }),
}));

function asItIsNow({ loaders }: IdentityContext, batchId: string) {
  return loadOrNotFound(loaders.stagedBatch.clearAll(), batchId, 'staged batch');
}
