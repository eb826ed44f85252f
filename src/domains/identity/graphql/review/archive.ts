import { builder } from '../builder.ts';
import { signedIn } from '../context.ts';
import { loadOrNotFound } from '../entityLoaders.ts';
import { EntityTypeEnum } from '../enums.ts';
import { StagedBatch } from '../staging/stagedBatch.ts';

const ArchiveEntitiesInput = builder.inputType('ArchiveEntitiesInput', {
  description: 'Which entities to take out of use.',
  fields: (t) => ({
    workspaceId: t.id({ required: true, description: 'The id of their workspace.' }),
    entityType: t.field({
      type: EntityTypeEnum,
      required: true,
      description: 'The type of all of them.',
    }),
    entityIds: t.idList({ required: true, description: 'Their ids; at most 10000.' }),
    title: t.string({ description: 'What people will call the batch; names the day by default.' }),
  }),
});

builder.mutationField('archiveEntities', (t) =>
  t.field({
    type: StagedBatch,
    description:
      'Stages the archival of entities as a batch, to be reviewed and promoted like any other change.',
    args: {
      input: t.arg({
        type: ArchiveEntitiesInput,
        required: true,
        description: 'Which entities to take out of use.',
      }),
    },
    authScopes: (_parent, { input }) => ({ canReview: input.workspaceId }),
    resolve: async (_parent, { input }, context) => {
      const { batch } = await context.runtime.archive.archiveEntities({
        workspaceId: input.workspaceId.toLowerCase(),
        entityType: input.entityType,
        entityIds: input.entityIds,
        createdBy: signedIn(context),
        title: input.title ?? null,
      });
      return loadOrNotFound(context.loaders.stagedBatch, batch.id, 'staged batch');
    },
  }),
);
