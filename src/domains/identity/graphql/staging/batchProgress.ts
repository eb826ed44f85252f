import type { BatchProgress } from '../../services/staging/batchProgress.ts';
import { builder } from '../builder.ts';
import { signedIn, signedInUntil } from '../context.ts';
import { loadOrNotFound } from '../entityLoaders.ts';
import { loadBatchFor } from '../review/reviewedBatch.ts';
import { StagedBatch } from './stagedBatch.ts';

const BatchProgressType = builder
  .objectRef<Pick<BatchProgress, 'done' | 'total'>>('BatchProgress')
  .implement({
    description:
      'How far the present phase of a batch has come, or the last one of a batch that rests.',
    fields: (t) => ({
      done: t.exposeInt('done', {
        description:
          'How many records have been checked; how many parts are done where the batch is promoted or reverted.',
      }),
      total: t.exposeInt('total', { description: 'Of how many.' }),
    }),
  });

builder.objectField(StagedBatch, 'progress', (t) =>
  t.field({
    type: BatchProgressType,
    description: 'How far its present phase has come.',
    resolve: ({ id }, _args, { loaders }) =>
      loadOrNotFound(loaders.batchProgress, id, 'staged batch'),
  }),
);

builder.subscriptionType({ description: 'What can be watched.' });

builder.subscriptionField('stagedBatchProgress', (t) =>
  t.field({
    type: StagedBatch,
    description:
      'The batch as it is, and again whenever its status or progress changes, until it rests (READY_FOR_REVIEW, COMPLETED, FAILED or CANCELLED). It ends with an error when your token expires (UNAUTHENTICATED) or you are no longer a member of the workspace (NOT_FOUND). Where it ends before without one, the server has stopped: subscribe again.',
    args: { batchId: t.arg.id({ required: true, description: 'The id of the batch.' }) },
    authScopes: { authenticated: true },
    subscribe: async (_root, { batchId }, context) => {
      const { id } = await loadBatchFor(context, batchId, 'canRead');
      return context.runtime.batchWatch.watch(id, {
        userId: signedIn(context),
        until: signedInUntil(context),
      });
    },
    // Asked anew each time, so that whoever may not know any more is told that and nothing else.
    resolve: ({ id }, _args, context) => {
      signedInUntil(context);
      context.forgetEverything();
      return loadBatchFor(context, id, 'canRead');
    },
  }),
);
