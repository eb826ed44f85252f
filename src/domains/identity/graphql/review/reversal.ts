import { validate as isUuid } from 'uuid';
import { resolveKeysetConnection } from '../../../../platform/graphql/keysetConnection.ts';
import type { StagedBatch as StagedBatchRow } from '../../generated/prisma/client.ts';
import {
  listReversalEntries,
  type ReversalEntry,
} from '../../services/reversal/reversalEntries.ts';
import { SHOWN_ENTRIES } from '../../services/reversal/reversalService.ts';
import type { BatchRun } from '../../services/staging/batchRun.ts';
import { builder } from '../builder.ts';
import { signedIn } from '../context.ts';
import { EntityChangeType } from '../entityHistory.ts';
import { ReversalOutcomeEnum } from '../enums.ts';
import { StagedBatch } from '../staging/stagedBatch.ts';
import { BatchRunType, RunCounts } from './batchRun.ts';
import { loadBatchFor } from './reviewedBatch.ts';
import { ReviewFilterInput } from './reviewFilter.ts';

interface BegunReversal {
  readonly batch: StagedBatchRow;
  readonly runId: string | null;
  readonly counts: BatchRun['counts'] | null;
  readonly notReversed: readonly ReversalEntry[];
}

const ReversalEntryType = builder.objectRef<ReversalEntry>('ReversalEntry').implement({
  description: 'What a reversal did about one change.',
  fields: (t) => ({
    outcome: t.expose('outcome', {
      type: ReversalOutcomeEnum,
      description: 'Whether it was undone.',
    }),
    reason: t.exposeString('reason', {
      nullable: true,
      description: 'Why it was not: who changed what since, or what the database refused.',
    }),
    change: t.field({
      type: EntityChangeType,
      description: 'The change.',
      resolve: ({ change }) => change,
    }),
    blockedBy: t.field({
      type: EntityChangeType,
      nullable: true,
      description: 'The change that stands in the way, where one does.',
      resolve: ({ blockedBy }) => blockedBy,
    }),
  }),
});

const RevertPromotionResult = builder.objectRef<BegunReversal>('RevertPromotionResult').implement({
  description: 'A reversal that has begun, or what one would do.',
  fields: (t) => ({
    batch: t.expose('batch', {
      type: StagedBatch,
      description: 'The batch, whose progress can be followed.',
    }),
    runId: t.exposeID('runId', {
      nullable: true,
      description: 'The id of the run among those of the batch; null for a dry run.',
    }),
    counts: t.field({
      type: RunCounts,
      nullable: true,
      description:
        'Dry runs: what would become of how many. Null for a reversal that has begun: its run counts them.',
      resolve: ({ counts }) => counts,
    }),
    notReversed: t.field({
      type: [ReversalEntryType],
      description: `Dry runs: what would not be undone, and why; the first ${SHOWN_ENTRIES}. Otherwise the run lists it.`,
      resolve: ({ notReversed }) => notReversed,
    }),
  }),
});

const RevertPromotionInput = builder.inputType('RevertPromotionInput', {
  description: 'What to undo: a whole batch, or some of its records.',
  fields: (t) => ({
    batchId: t.id({ required: true, description: 'The id of the batch.' }),
    rowIndexes: t.intList({ description: 'The rows of the records; or else give a filter.' }),
    filter: t.field({
      type: ReviewFilterInput,
      description: 'Which records; all that were promoted where neither is given.',
    }),
    dryRun: t.boolean({ description: 'Only say what would happen, and change nothing.' }),
  }),
});

builder.mutationField('revertPromotion', (t) =>
  t.field({
    type: RevertPromotionResult,
    description:
      'Undoes what was promoted of a batch, newest change first. What was changed since, or is ' +
      'referred to, is kept and listed with the reason.',
    args: {
      input: t.arg({ type: RevertPromotionInput, required: true, description: 'What to undo.' }),
    },
    authScopes: { authenticated: true },
    resolve: async (_parent, { input }, context) => {
      const batch = await loadBatchFor(context, input.batchId, 'canReview');
      const { reversal } = context.runtime;
      const { rowIndexes, filter } = input;
      const wanted = { batchId: batch.id, actorId: signedIn(context), rowIndexes, filter };
      if (input.dryRun) {
        const { counts, notReversed } = await reversal.previewReversal(wanted, context.signal);
        return { batch, runId: null, counts: { ...counts }, notReversed };
      }
      const runId = await reversal.revertPromotion(wanted);
      context.loaders.stagedBatch.clear(input.batchId);
      return {
        batch: await loadBatchFor(context, input.batchId, 'canReview'),
        runId,
        counts: null,
        notReversed: [],
      };
    },
  }),
);

builder.objectField(BatchRunType, 'reversals', (t) =>
  t.connection(
    {
      type: ReversalEntryType,
      description: 'What a reversal did about each change, the oldest change first.',
      args: {
        outcome: t.arg({
          type: ReversalOutcomeEnum,
          description: 'Only the changes that this became of; all by default.',
        }),
      },
      resolve: ({ id }, { outcome, ...args }, { runtime }) =>
        resolveKeysetConnection<ReversalEntry, string>({
          args,
          toCursor: ({ change }) => change.id,
          fromCursor: (cursor) => (isUuid(cursor) ? cursor : null),
          list: (page) => listReversalEntries(runtime.pool, id, outcome ?? null, page),
        }),
    },
    { name: 'ReversalEntryConnection', description: 'A page of what a reversal did.' },
    { name: 'ReversalEntryEdge', description: 'What a reversal did about a change, in a page.' },
  ),
);
