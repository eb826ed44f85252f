import { markNotDuplicates } from '../../services/merge/markNotDuplicates.ts';
import { mergeDuplicates } from '../../services/merge/mergeDuplicates.ts';
import { builder } from '../builder.ts';
import { signedIn } from '../context.ts';
import { DecisionResultType } from './decisionResult.ts';
import { loadBatchFor } from './reviewedBatch.ts';

const MergedFieldInput = builder.inputType('MergedField', {
  description: 'A field whose value the survivor of a merge takes over.',
  fields: (t) => ({
    field: t.string({ required: true, description: 'The name of the field, such as `email`.' }),
    entityId: t.id({ required: true, description: 'The id of the entity whose value stays.' }),
  }),
});

const MergeDuplicatesInput = builder.inputType('MergeDuplicatesInput', {
  description: 'Which entities are one and the same.',
  fields: (t) => ({
    batchId: t.id({ required: true, description: 'The id of the audit that found them.' }),
    survivorId: t.id({ required: true, description: 'The id of the entity that stays.' }),
    loserIds: t.idList({
      required: true,
      description: 'The ids of the entities that are merged into it; at most 100.',
    }),
    fieldFrom: t.field({
      type: [MergedFieldInput],
      description: 'Field by field, whose value stays; that of the survivor by default.',
    }),
    comment: t.string({ description: 'What others should know about it.' }),
  }),
});

builder.mutationField('mergeDuplicates', (t) =>
  t.field({
    type: DecisionResultType,
    description:
      'Decides that entities are the same. Their findings are accepted together; the next promotion ' +
      'merges them: what points at the others then points at the survivor, and their ids resolve to it.',
    args: {
      input: t.arg({ type: MergeDuplicatesInput, required: true, description: 'What to merge.' }),
    },
    authScopes: { authenticated: true },
    resolve: async (_parent, { input }, context) => {
      const batch = await loadBatchFor(context, input.batchId, 'canReview');
      const { survivorId, loserIds, fieldFrom, comment } = input;
      return mergeDuplicates(context.runtime.pool, {
        batchId: batch.id,
        actorId: signedIn(context),
        survivorId,
        loserIds,
        fieldFrom: fieldFrom ?? [],
        comment: comment ?? null,
      });
    },
  }),
);

const MarkNotDuplicatesInput = builder.inputType('MarkNotDuplicatesInput', {
  description: 'Which entities are different ones.',
  fields: (t) => ({
    batchId: t.id({ required: true, description: 'The id of the audit that found them.' }),
    entityIds: t.idList({
      required: true,
      description: 'The ids of the entities; no two of them are the same. At most 100.',
    }),
    comment: t.string({ description: 'What others should know about it.' }),
  }),
});

builder.mutationField('markNotDuplicates', (t) =>
  t.field({
    type: DecisionResultType,
    description:
      'Remembers that entities are not the same, for later audits too. Findings that name nothing else are rejected.',
    args: {
      input: t.arg({
        type: MarkNotDuplicatesInput,
        required: true,
        description: 'Which entities are different ones.',
      }),
    },
    authScopes: { authenticated: true },
    resolve: async (_parent, { input }, context) => {
      const batch = await loadBatchFor(context, input.batchId, 'canReview');
      return markNotDuplicates(context.runtime.pool, {
        batchId: batch.id,
        actorId: signedIn(context),
        entityIds: input.entityIds,
        comment: input.comment ?? null,
      });
    },
  }),
);
