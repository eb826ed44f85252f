import type { StagedBatch as StagedBatchRow } from '../../generated/prisma/client.ts';
import type { RunCounts as Counts } from '../../services/promotion/promotionService.ts';
import { builder } from '../builder.ts';
import { type IdentityContext, signedIn } from '../context.ts';
import { loadOrNotFound } from '../entityLoaders.ts';
import { StagedBatch } from '../staging/stagedBatch.ts';
import { RunCounts } from './batchRun.ts';
import { loadBatchFor } from './reviewedBatch.ts';

interface Promotion {
  readonly batch: StagedBatchRow;
  readonly runId: string | null;
  readonly counts: Counts;
}

const PromotionResult = builder.objectRef<Promotion>('PromotionResult').implement({
  description: 'A promotion that has begun, or what one would do.',
  fields: (t) => ({
    batch: t.field({
      type: StagedBatch,
      description: 'The batch, as it is now.',
      resolve: ({ batch }) => batch,
    }),
    runId: t.exposeID('runId', {
      nullable: true,
      description: 'The id of the run, which is among the runs of the batch; null for a dry run.',
    }),
    counts: t.field({
      type: RunCounts,
      description:
        'Dry runs: what would become of how many. Otherwise what is known at the start; the run counts the rest.',
      resolve: ({ counts }) => counts,
    }),
  }),
});

const PromoteStagedBatchInput = builder.inputType('PromoteStagedBatchInput', {
  description: 'What to promote.',
  fields: (t) => ({
    batchId: t.id({ required: true, description: 'The id of the batch.' }),
    rowIndexes: t.intList({
      description: 'Which records, such as one that failed; all that is accepted by default.',
    }),
    dryRun: t.boolean({
      defaultValue: false,
      description: 'Only say what would become of how many, and change nothing.',
    }),
  }),
});

builder.mutationField('promoteStagedBatch', (t) =>
  t.field({
    type: PromotionResult,
    description:
      'Puts what is accepted of a batch into production. May be called again for what is accepted later, and tries again what was refused before.',
    args: {
      input: t.arg({
        type: PromoteStagedBatchInput,
        required: true,
        description: 'What to promote.',
      }),
    },
    authScopes: { authenticated: true },
    resolve: async (_parent, { input }, context) => {
      const { id } = await loadBatchFor(context, input.batchId, 'canReview');
      const promotion = {
        batchId: id,
        actorId: signedIn(context),
        rowIndexes: input.rowIndexes ?? null,
      };
      const { promoteStagedBatch, previewPromotion } = context.runtime.promotion;
      const { runId, counts } = input.dryRun
        ? { runId: null, counts: await previewPromotion(promotion, context.signal) }
        : await promoteStagedBatch(promotion);
      return { batch: await reload(context, id), runId, counts };
    },
  }),
);

function reload({ loaders }: IdentityContext, batchId: string): Promise<StagedBatchRow> {
  loaders.stagedBatch.clear(batchId);
  return loadOrNotFound(loaders.stagedBatch, batchId, 'staged batch');
}
