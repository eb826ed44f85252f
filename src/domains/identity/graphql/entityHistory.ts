import type { DefaultConnectionArguments } from '@pothos/plugin-relay';
import { resolveKeysetConnection } from '../../../platform/graphql/keysetConnection.ts';
import {
  type EntityChange,
  type HistoryKey,
  listEntityChanges,
} from '../services/entityHistory.ts';
import { AuditedEntity } from './auditedEntity.ts';
import { builder } from './builder.ts';
import { Contact } from './contact.ts';
import type { IdentityContext } from './context.ts';
import { Device } from './device.ts';
import { ChangeKindEnum, EntityTypeEnum } from './enums.ts';
import { Site } from './site.ts';
import { StagedBatch } from './staging/stagedBatch.ts';
import { User } from './user.ts';

export const EntityChangeType = builder.objectRef<EntityChange>('EntityChange').implement({
  description: 'One change of an entity: who made it, through which record, from what to what.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The id of the change.' }),
    kind: t.expose('kind', { type: ChangeKindEnum, description: 'What was done.' }),
    version: t.exposeInt('version', { description: 'The version of the entity that it made.' }),
    before: t.expose('before', {
      type: 'JSON',
      nullable: true,
      description:
        'The fields that changed, as they were; none for a creation, and of a person who was erased.',
    }),
    after: t.expose('after', {
      type: 'JSON',
      nullable: true,
      description: 'The fields that changed, as they were from then on.',
    }),
    actor: t.field({
      type: User,
      nullable: true,
      description: 'Who promoted or reverted it; null for somebody who is no longer known here.',
      resolve: ({ actorId }, _args, { loaders }) => loaders.user.load(actorId),
    }),
    batch: t.field({
      type: StagedBatch,
      nullable: true,
      description: 'The staged batch that it came through; none for an erasure.',
      resolve: ({ batchId }, _args, { loaders }) => loaders.stagedBatch.load(batchId),
    }),
    rowIndex: t.exposeInt('rowIndex', {
      description: 'The row of its record in the batch; -1 for an erasure.',
    }),
    reason: t.exposeString('reason', { nullable: true, description: 'Why, of an erasure.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    reverted: t.exposeBoolean('reverted', { description: 'Whether it has been undone.' }),
    entityType: t.expose('entityType', {
      type: EntityTypeEnum,
      description: 'The type of the entity.',
    }),
    entityId: t.exposeID('entityId', { description: 'The id of the entity.' }),
    entity: t.field({
      type: AuditedEntity,
      nullable: true,
      description: 'The entity as it is now.',
      resolve: ({ entityType, entityId }, _args, { loaders }) => loaders[entityType].load(entityId),
    }),
  }),
});

const EntityChangeConnection = builder.connectionObject(
  {
    type: EntityChangeType,
    name: 'EntityChangeConnection',
    description: 'A page of changes.',
  },
  { name: 'EntityChangeEdge', description: 'A change in a page.' },
);

const resolveChanges = (
  key: HistoryKey,
  args: DefaultConnectionArguments,
  { runtime }: IdentityContext,
) =>
  resolveKeysetConnection<EntityChange, number>({
    args,
    toCursor: ({ version }) => String(version),
    fromCursor: (cursor) => (/^\d{1,9}$/.test(cursor) ? Number(cursor) : null),
    list: (page) => listEntityChanges(runtime.pool, key, page),
  });

const description = 'Its history, newest first: what was promoted and undone.';

builder.prismaObjectField(Contact, 'changes', (t) =>
  t.connection(
    {
      type: EntityChangeType,
      description,
      resolve: ({ workspaceId, id }, args, context) =>
        resolveChanges({ workspaceId, entityType: 'contact', entityId: id }, args, context),
    },
    EntityChangeConnection,
  ),
);

builder.prismaObjectField(Site, 'changes', (t) =>
  t.connection(
    {
      type: EntityChangeType,
      description,
      resolve: ({ workspaceId, id }, args, context) =>
        resolveChanges({ workspaceId, entityType: 'site', entityId: id }, args, context),
    },
    EntityChangeConnection,
  ),
);

builder.prismaObjectField(Device, 'changes', (t) =>
  t.connection(
    {
      type: EntityChangeType,
      description,
      resolve: ({ workspaceId, id }, args, context) =>
        resolveChanges({ workspaceId, entityType: 'device', entityId: id }, args, context),
    },
    EntityChangeConnection,
  ),
);
