import { type BatchRun, listBatchRuns } from '../../services/staging/batchRun.ts';
import { builder } from '../builder.ts';
import { RunKindEnum } from '../enums.ts';
import { StagedBatch } from '../staging/stagedBatch.ts';
import { User } from '../user.ts';

/** What became of how many, by outcome; outcomes that nothing had are left out. */
type Counts = BatchRun['counts'];

export const RunCounts = builder.objectRef<Counts>('BatchRunCounts').implement({
  description: 'What became, or would become, of how many; grows while a run is under way.',
  fields: (t) => ({
    applied: t.int({
      description: 'Promotions: records that are in production now.',
      resolve: ({ applied = 0 }) => applied,
    }),
    created: t.int({
      description: 'Promotions: those of them that made a new entity.',
      resolve: ({ created = 0 }) => created,
    }),
    unchanged: t.int({
      description: 'Promotions: those of them whose entities had the accepted values already.',
      resolve: ({ unchanged = 0 }) => unchanged,
    }),
    merged: t.int({
      description: 'Promotions: entities that were merged into others.',
      resolve: ({ merged = 0 }) => merged,
    }),
    conflicts: t.int({
      description: 'Promotions: records whose entities have been changed since; resolve them.',
      resolve: ({ conflict = 0 }) => conflict,
    }),
    failed: t.int({
      description: 'Promotions: records that were refused; their status reason says why.',
      resolve: ({ failed = 0 }) => failed,
    }),
    waiting: t.int({
      description:
        'Promotions: records of imports that refer to what is not in production, or can’t be told; their status reason says to what. Later promotions try them again.',
      resolve: ({ waiting = 0 }) => waiting,
    }),
    skippedFourEyes: t.int({
      description:
        'Promotions: accepted findings, or records of imports, that another member has to promote, since the promoter decided on them.',
      resolve: ({ fourEyes = 0 }) => fourEyes,
    }),
    skippedOpenErrors: t.int({
      description:
        'Promotions: records of imports that wait until somebody decides on a finding of severity ERROR.',
      resolve: ({ openErrors = 0 }) => openErrors,
    }),
    reversed: t.int({
      description: 'Reversals: changes that were undone.',
      resolve: ({ reversed = 0 }) => reversed,
    }),
    kept: t.int({
      description: 'Reversals: changes that were kept, because something builds on them.',
      resolve: ({ kept = 0 }) => kept,
    }),
    errored: t.int({
      description: 'Reversals: changes that could not be undone.',
      resolve: ({ errored = 0 }) => errored,
    }),
  }),
});

export const BatchRunType = builder.objectRef<BatchRun>('BatchRun').implement({
  description: 'One promotion or reversal of a batch.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The id of the run.' }),
    kind: t.expose('kind', { type: RunKindEnum, description: 'What is done.' }),
    actor: t.field({
      type: User,
      nullable: true,
      description: 'Who began it; null for somebody who has left the workspace.',
      resolve: ({ actorId }, _args, { loaders }) => loaders.user.load(actorId),
    }),
    counts: t.field({
      type: RunCounts,
      description: 'What became of how many, so far.',
      resolve: ({ counts }) => counts,
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it began.' }),
    finishedAt: t.expose('finishedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it ended; null while it is under way.',
    }),
  }),
});

builder.objectField(StagedBatch, 'runs', (t) =>
  t.field({
    type: [BatchRunType],
    description: 'The promotions and reversals of the batch, newest first.',
    resolve: ({ id }, _args, { runtime }) => listBatchRuns(runtime.pool, id),
  }),
);
