import type { ScoreGain, TypeScore } from '../services/score/qualityScore.ts';
import {
  readScoreHistory,
  type ScorePoint,
  type TypePoint,
} from '../services/score/scoreHistory.ts';
import { builder } from './builder.ts';
import { EntityTypeEnum } from './enums.ts';
import { StagedBatch } from './staging/stagedBatch.ts';
import { Workspace } from './workspace.ts';

const TypeScoreType = builder.objectRef<TypeScore>('EntityTypeScore').implement({
  description: 'How good the entities of one type are now.',
  fields: (t) => ({
    entityType: t.expose('entityType', { type: EntityTypeEnum, description: 'The type.' }),
    score: t.exposeFloat('score', {
      nullable: true,
      description: 'From 0 to 100; none where there is no entity, and before the first audit.',
    }),
    entityCount: t.exposeInt('entityCount', { description: 'How many of them are active.' }),
    openCount: t.exposeInt('openCount', {
      description: 'How many findings about them are open now.',
    }),
  }),
});

const TypePointType = builder.objectRef<TypePoint>('EntityTypeScorePoint').implement({
  description: 'How good an audit has found the entities of one type to be.',
  fields: (t) => ({
    entityType: t.expose('entityType', { type: EntityTypeEnum, description: 'The type.' }),
    score: t.exposeFloat('score', { description: 'From 0 to 100.' }),
    entityCount: t.exposeInt('entityCount', { description: 'How many of them were active.' }),
  }),
});

const ScorePointType = builder.objectRef<ScorePoint>('ScorePoint').implement({
  description: 'How good an audit has found a workspace to be.',
  fields: (t) => ({
    score: t.exposeFloat('score', {
      description: 'From 0 to 100, of all entities together.',
    }),
    byEntityType: t.field({
      type: [TypePointType],
      description: 'The same by type; those that had no entity are left out.',
      resolve: ({ byEntityType }) => [...byEntityType],
    }),
    measuredAt: t.expose('measuredAt', {
      type: 'DateTime',
      description: 'When the audit was done.',
    }),
    batchId: t.exposeID('batchId', { description: 'The id of the audit.' }),
    batch: t.field({
      type: StagedBatch,
      nullable: true,
      description: 'The audit.',
      resolve: ({ batchId }, _args, { loaders }) => loaders.stagedBatch.load(batchId),
    }),
  }),
});

const ScoreGainType = builder.objectRef<ScoreGain>('ScoreGain').implement({
  description: 'What there is to gain by what a rule has found in a workspace.',
  fields: (t) => ({
    ruleId: t.exposeString('ruleId', { description: 'The id of the rule.' }),
    openCount: t.exposeInt('openCount', { description: 'How many of its findings are open now.' }),
    gain: t.exposeFloat('gain', {
      description:
        'By how much the score of the workspace would rise if those of them were accepted that have a suggested value, or can be merged, all other findings staying; 0 where others weigh as much on each of the entities.',
    }),
    gainIfResolved: t.exposeFloat('gainIfResolved', {
      description:
        'By how much it would rise if none of them were open any more, also those that take a value of your own.',
    }),
  }),
});

/** The quality of a workspace, of which each part is read when it is asked for. */
interface Quality {
  readonly workspaceId: string;
}

const QualityType = builder.objectRef<Quality>('Quality').implement({
  description:
    'How good the data of a workspace is: 100 less the share that its worst open finding costs each active entity (ERROR all, WARNING half, INFO a fifth).',
  fields: (t) => ({
    score: t.float({
      nullable: true,
      description:
        'The score now, of all active entities together, from 0 to 100; none without entities, and before the first audit.',
      resolve: async ({ workspaceId }, _args, { loaders }) =>
        (await loaders.quality.load(workspaceId)).score,
    }),
    byEntityType: t.field({
      type: [TypeScoreType],
      description: 'The score now, by type of entity.',
      resolve: async ({ workspaceId }, _args, { loaders }) => [
        ...(await loaders.quality.load(workspaceId)).byEntityType,
      ],
    }),
    history: t.field({
      type: [ScorePointType],
      description: 'What the last audits have found, oldest first.',
      args: {
        last: t.arg.int({
          defaultValue: 30,
          required: true,
          description: 'Of how many audits, 1000 at the most.',
        }),
      },
      resolve: async ({ workspaceId }, { last }, { runtime }) => [
        ...(await readScoreHistory(runtime.pool, workspaceId, last)),
      ],
    }),
    gains: t.field({
      type: [ScoreGainType],
      description:
        'For each rule with open findings, what there is to gain; the largest gain first, so that one can work through a queue in this order.',
      resolve: async ({ workspaceId }, _args, { loaders }) => [
        ...(await loaders.quality.load(workspaceId)).gains,
      ],
    }),
  }),
});

builder.prismaObjectField(Workspace, 'quality', (t) =>
  t.field({
    type: QualityType,
    description: 'How good its data is, and what there is to gain.',
    resolve: ({ id }) => ({ workspaceId: id }),
  }),
);
