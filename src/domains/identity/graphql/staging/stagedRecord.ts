import { resolveKeysetConnection } from '../../../../platform/graphql/keysetConnection.ts';
import { listStagedRecords, type StagedRecord } from '../../services/staging/stagedRecords.ts';
import { AuditedEntity } from '../auditedEntity.ts';
import { builder } from '../builder.ts';
import { loadOrNotFound } from '../entityLoaders.ts';
import {
  EntityTypeEnum,
  MatchKindEnum,
  RecordDecisionEnum,
  RecordStatusEnum,
  SeverityEnum,
} from '../enums.ts';
import { User } from '../user.ts';
import { FindingType, loadEntity } from './finding.ts';
import { StagedBatch } from './stagedBatch.ts';

export const StagedRecordType = builder.objectRef<StagedRecord>('StagedRecord').implement({
  description: 'A row of a staged batch.',
  fields: (t) => ({
    rowIndex: t.exposeInt('rowIndex', { description: 'Its place in the batch, from 0.' }),
    entityType: t.expose('entityType', {
      type: EntityTypeEnum,
      description: 'The type of entity that it stands for.',
    }),
    rawData: t.expose('rawData', { type: 'JSON', description: 'The row as it came.' }),
    status: t.expose('status', {
      type: RecordStatusEnum,
      description: 'How far the record has come.',
    }),
    statusReason: t.exposeString('statusReason', {
      nullable: true,
      description: 'Why it has this status, where that needs saying.',
    }),
    version: t.exposeInt('version', {
      description:
        'How often it was decided on as a whole; name it when you decide, so that you see the same.',
    }),
    decision: t.expose('decision', {
      type: RecordDecisionEnum,
      nullable: true,
      description: 'What people have decided about it as a whole; none in audits.',
    }),
    decidedBy: t.field({
      type: User,
      nullable: true,
      description: 'Who decided on it as a whole.',
      resolve: ({ decidedById }, _args, { loaders }) =>
        decidedById === null ? null : loaders.user.load(decidedById),
    }),
    assignee: t.field({
      type: User,
      nullable: true,
      description: 'The member whom it waits for.',
      resolve: ({ assigneeId }, _args, { loaders }) =>
        assigneeId === null ? null : loaders.user.load(assigneeId),
    }),
    baseVersion: t.exposeInt('baseVersion', {
      nullable: true,
      description:
        'The version of the entity that its next change builds on; where the entity has another one by then, that is a conflict.',
    }),
    batch: t.field({
      type: StagedBatch,
      description: 'The batch that it belongs to.',
      resolve: ({ batchId }, _args, { loaders }) =>
        loadOrNotFound(loaders.stagedBatch, batchId, 'staged batch'),
    }),
    findings: t.field({
      type: [FindingType],
      description: 'What the rules say about it.',
      resolve: ({ findings }) => findings,
    }),
    entity: t.field({
      type: AuditedEntity,
      nullable: true,
      description:
        'The audited entity, the one that an imported row matches, or the one that promotion made of the row.',
      resolve: ({ entityType, entityId }, _args, { loaders }) =>
        entityId === null ? null : loadEntity(loaders, entityType, entityId),
    }),
  }),
});

const StagedRecordFilter = builder.inputType('StagedRecordFilter', {
  description: 'Which records to list; all conditions must hold.',
  fields: (t) => ({
    status: t.field({ type: RecordStatusEnum, description: 'How far they have come.' }),
    severity: t.field({
      type: SeverityEnum,
      description: 'The severity of at least one of their findings.',
    }),
    ruleId: t.string({ description: 'A rule that has found something on them.' }),
    entityType: t.field({ type: EntityTypeEnum, description: 'The type of entity.' }),
    match: t.field({ type: MatchKindEnum, description: 'What imported rows are to production.' }),
  }),
});

const StagedRecordEdge = builder.edgeObject({
  type: StagedRecordType,
  name: 'StagedRecordEdge',
  description: 'A staged record in a page.',
});

export const StagedRecordConnection = builder.connectionObject(
  {
    type: StagedRecordType,
    name: 'StagedRecordConnection',
    description: 'A page of staged records.',
  },
  StagedRecordEdge,
);

builder.objectField(StagedBatch, 'records', (t) =>
  t.connection(
    {
      type: StagedRecordType,
      description: 'The records of the batch, in their order.',
      args: {
        filter: t.arg({ type: StagedRecordFilter, description: 'Which records; all by default.' }),
      },
      resolve: ({ id, profile }, { filter, ...args }, { runtime }) =>
        resolveKeysetConnection<StagedRecord, number>({
          args,
          toCursor: ({ rowIndex }) => String(rowIndex),
          fromCursor: (cursor) => (/^\d{1,9}$/.test(cursor) ? Number(cursor) : null),
          list: (page) => listStagedRecords(runtime.pool, { id, profile }, filter ?? {}, page),
        }),
    },
    StagedRecordConnection,
  ),
);
