import type { DefaultConnectionArguments } from '@pothos/plugin-relay';
import { resolveConnectionById } from '../../../../platform/graphql/keysetConnection.ts';
import { type BatchFilter, listStagedBatches } from '../../services/entityLists.ts';
import type { RuleGain } from '../../services/score/ruleGain.ts';
import type { FindingCount, RecordCount } from '../../services/staging/batchCounts.ts';
import { sourceTypeOf } from '../../services/staging/stagedBatch.ts';
import { builder } from '../builder.ts';
import type { IdentityContext } from '../context.ts';
import { type EntityLoaders, loadOrNotFound, loadReference } from '../entityLoaders.ts';
import {
  AuditModeEnum,
  BatchStatusEnum,
  RecordStatusEnum,
  SeverityEnum,
  SourceTypeEnum,
} from '../enums.ts';
import { User } from '../user.ts';
import { Workspace } from '../workspace.ts';

const FindingCountType = builder.objectRef<FindingCount>('FindingCount').implement({
  description: 'How many findings a rule has in a batch.',
  fields: (t) => ({
    ruleId: t.exposeString('ruleId', { description: 'The id of the rule.' }),
    severity: t.expose('severity', { type: SeverityEnum, description: 'How much they matter.' }),
    count: t.exposeInt('count', { description: 'How many there are.' }),
    openCount: t.exposeInt('openCount', {
      description: 'How many of them nobody has decided on, on records that need review.',
    }),
    waivedCount: t.exposeInt('waivedCount', {
      description: 'How many of them somebody has said to be fine, here or in an earlier audit.',
    }),
    gain: t.float({
      nullable: true,
      description:
        'By how much the score of the workspace would rise now if those that are open here were accepted, as far as they have a suggested value or can be merged, all else staying. None in imports, before the audit is processed, and once its rows are deleted.',
      resolve: async (count, _args, { loaders }) => (await gainOf(count, loaders))?.gain ?? null,
    }),
    gainIfResolved: t.float({
      nullable: true,
      description:
        'By how much it would rise if none of them were open any more, also those that take a value of your own.',
      resolve: async (count, _args, { loaders }) =>
        (await gainOf(count, loaders))?.gainIfResolved ?? null,
    }),
  }),
});

const NOTHING_TO_GAIN: RuleGain = { gain: 0, gainIfResolved: 0 };

async function gainOf(
  { batchId, ruleId }: FindingCount,
  { batchGains }: EntityLoaders,
): Promise<RuleGain | null> {
  const gains = await batchGains.load(batchId);
  return gains && (gains.get(ruleId) ?? NOTHING_TO_GAIN);
}

const RecordCountType = builder.objectRef<RecordCount>('RecordCount').implement({
  description: 'How many records of a batch have a status.',
  fields: (t) => ({
    status: t.expose('status', { type: RecordStatusEnum, description: 'The status.' }),
    count: t.exposeInt('count', { description: 'How many records have it.' }),
  }),
});

export const StagedBatch = builder.prismaObject('StagedBatch', {
  description: 'A set of rows under review: an import, or an audit of what is already there.',
  authScopes: (batch) => ({ canRead: batch.workspaceId }),
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The id of the batch.' }),
    title: t.exposeString('title', { description: 'What people call the batch.' }),
    sourceType: t.field({
      type: SourceTypeEnum,
      description: 'Where the batch came from.',
      resolve: ({ sourceType }) => sourceTypeOf(sourceType),
    }),
    profile: t.exposeString('profile', { description: 'How its rows are handled.' }),
    autoPromote: t.exposeBoolean('autoPromote', {
      description: 'Whether records without an error go to production without a review.',
    }),
    status: t.expose('status', {
      type: BatchStatusEnum,
      description: 'How far the batch has come.',
    }),
    failureReason: t.exposeString('failureReason', {
      nullable: true,
      description: 'Why the batch failed, if it did.',
    }),
    mode: t.expose('mode', {
      type: AuditModeEnum,
      nullable: true,
      description: 'How much of the workspace an audit looks at; null for imports.',
    }),
    fullReason: t.exposeString('fullReason', {
      nullable: true,
      description: 'Why an audit is full though an incremental one was asked for.',
    }),
    recordCount: t.exposeInt('recordCount', {
      description:
        'How many records it has. An incremental audit that has been processed keeps what had changed and what has news.',
    }),
    processedCount: t.exposeInt('processedCount', {
      description: 'How many of them have been checked so far.',
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      description: 'When the batch was created.',
    }),
    thinnedAt: t.expose('thinnedAt', {
      type: 'DateTime',
      nullable: true,
      description:
        "When its records, findings and decisions were deleted, as the workspace's retention says; its lists are empty since, and its counts are those of before.",
    }),
    updatedAt: t.expose('updatedAt', {
      type: 'DateTime',
      description: 'When the batch moved on last.',
    }),
    workspace: t.field({
      type: Workspace,
      description: 'The workspace that the batch belongs to.',
      resolve: ({ workspaceId }, _args, { loaders }) =>
        loadOrNotFound(loaders.workspace, workspaceId, 'workspace'),
    }),
    createdBy: t.field({
      type: User,
      description: 'Who created the batch.',
      resolve: ({ createdById }, _args, { loaders }) =>
        loadOrNotFound(loaders.user, createdById, 'user'),
    }),
    findingCounts: t.field({
      type: [FindingCountType],
      description: 'The findings by rule and severity: errors first, then by number.',
      resolve: ({ id }, _args, { loaders }) => loaders.findingCounts.load(id),
    }),
    recordCounts: t.field({
      type: [RecordCountType],
      description: 'The records by status; statuses that no record has are left out.',
      resolve: ({ id }, _args, { loaders }) => loaders.recordCounts.load(id),
    }),
  }),
});

builder.asEntity(StagedBatch, {
  key: builder.selection<{ id: string }>('id'),
  resolveReference: ({ id }, { loaders }) => loadReference(loaders.stagedBatch, id),
});

const StagedBatchFilterInput = builder.inputType('StagedBatchFilter', {
  description: 'Which batches to list; all conditions must hold.',
  fields: (t) => ({
    status: t.field({ type: BatchStatusEnum, description: 'How far they have come.' }),
    sourceType: t.field({ type: SourceTypeEnum, description: 'Where they came from.' }),
  }),
});

const StagedBatchConnection = builder.connectionObject({
  type: StagedBatch,
  name: 'StagedBatchConnection',
  description: 'A page of staged batches.',
});

const filterArg = {
  type: StagedBatchFilterInput,
  description: 'Which batches to list; all by default.',
} as const;

const resolveStagedBatches = (
  workspaceId: string,
  { filter, ...args }: DefaultConnectionArguments & { filter?: BatchFilter | null },
  { runtime }: IdentityContext,
) =>
  resolveConnectionById(args, (page) =>
    listStagedBatches(runtime.prisma, workspaceId, filter ?? {}, page),
  );

builder.objectField(Workspace, 'stagedBatches', (t) =>
  t.connection(
    {
      type: StagedBatch,
      description: 'The staged batches of the workspace, newest first.',
      args: { filter: t.arg(filterArg) },
      resolve: ({ id }, args, context) => resolveStagedBatches(id, args, context),
    },
    StagedBatchConnection,
  ),
);

builder.queryFields((t) => ({
  stagedBatch: t.field({
    type: StagedBatch,
    nullable: true,
    description: 'The staged batch with this id.',
    args: { id: t.arg.id({ required: true, description: 'The id of the batch.' }) },
    authScopes: { authenticated: true },
    resolve: (_parent, { id }, { loaders }) =>
      loadOrNotFound(loaders.stagedBatch, id, 'staged batch'),
  }),
  stagedBatches: t.connection(
    {
      type: StagedBatch,
      nullable: true,
      description: 'The staged batches of a workspace, newest first.',
      args: {
        workspaceId: t.arg.id({ required: true, description: 'The id of the workspace.' }),
        filter: t.arg(filterArg),
      },
      authScopes: (_parent, { workspaceId }) => ({ canRead: workspaceId }),
      resolve: (_parent, { workspaceId, ...args }, context) =>
        resolveStagedBatches(workspaceId, args, context),
    },
    StagedBatchConnection,
  ),
}));
