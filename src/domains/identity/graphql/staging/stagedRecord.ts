import { resolveKeysetConnection } from '../../../../platform/graphql/keysetConnection.ts';
import { type FindingPosition, listFindings } from '../../services/staging/batchFindings.ts';
import {
  type Finding,
  listStagedRecords,
  type StagedRecord,
} from '../../services/staging/stagedRecords.ts';
import { AuditedEntity } from '../auditedEntity.ts';
import { builder } from '../builder.ts';
import type { EntityLoaders } from '../entityLoaders.ts';
import { EntityTypeEnum, FindingDecisionEnum, RecordStatusEnum, SeverityEnum } from '../enums.ts';
import { StagedBatch } from './stagedBatch.ts';

const FindingType = builder.objectRef<Finding>('Finding').implement({
  description: 'What a rule says about one field of one record.',
  fields: (t) => ({
    rowIndex: t.exposeInt('rowIndex', { description: 'The row of the record in its batch.' }),
    ordinal: t.exposeInt('ordinal', {
      description: 'Tells the findings of a record apart; not a count.',
    }),
    ruleId: t.exposeString('ruleId', { description: 'The id of the rule.' }),
    ruleVersion: t.exposeInt('ruleVersion', { description: 'The version of the rule.' }),
    severity: t.expose('severity', { type: SeverityEnum, description: 'How much it matters.' }),
    field: t.exposeString('field', { description: 'The field of the entity.' }),
    message: t.exposeString('message', { description: 'What is wrong.' }),
    currentValue: t.exposeString('currentValue', {
      nullable: true,
      description: 'The value as it was found.',
    }),
    suggestedValue: t.exposeString('suggestedValue', {
      nullable: true,
      description: 'The right value, where one is certain; an empty text means none at all.',
    }),
    decision: t.expose('decision', {
      type: FindingDecisionEnum,
      description: 'What people have decided about it.',
    }),
    entityType: t.expose('entityType', {
      type: EntityTypeEnum,
      description: 'The type of the entity.',
    }),
    entityId: t.exposeID('entityId', {
      nullable: true,
      description: 'The id of the audited entity; none for a row that is not in production.',
    }),
    externalId: t.string({
      nullable: true,
      description: 'The external id of the entity; that of the row where it is not in production.',
      resolve: async ({ entityType, entityId, rowExternalId }, _args, { loaders }) => {
        if (entityId === null) return rowExternalId;
        return (await loadEntity(loaders, entityType, entityId))?.externalId ?? null;
      },
    }),
    entityVersion: t.exposeInt('entityVersion', {
      nullable: true,
      description: 'The version of the entity that was looked at.',
    }),
    entity: t.field({
      type: AuditedEntity,
      nullable: true,
      description: 'The audited entity as it is now.',
      resolve: ({ entityType, entityId }, _args, { loaders }) =>
        entityId === null ? null : loadEntity(loaders, entityType, entityId),
    }),
    relatedCount: t.exposeInt('relatedCount', {
      description: 'How many other entities the finding is about, such as duplicates.',
    }),
    relatedEntityIds: t.exposeIDList('relatedEntityIds', {
      description: 'The ids of these entities; the first hundred where there are more.',
    }),
    relatedEntities: t.field({
      type: [AuditedEntity],
      nullable: { list: false, items: true },
      description:
        'These entities as they are now, each at the place of its id; null for one that is gone.',
      resolve: ({ entityType, relatedEntityIds }, _args, { loaders }) =>
        relatedEntityIds.map((id) => loadEntity(loaders, entityType, id)),
    }),
  }),
});

const StagedRecordType = builder.objectRef<StagedRecord>('StagedRecord').implement({
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
    findings: t.field({
      type: [FindingType],
      description: 'What the rules say about it.',
      resolve: ({ findings }) => findings,
    }),
    entity: t.field({
      type: AuditedEntity,
      nullable: true,
      description: 'The audited entity, or the one that promotion made of the record.',
      resolve: ({ entityType, entityId }, _args, { loaders }) =>
        entityId === null ? null : loadEntity(loaders, entityType, entityId),
    }),
  }),
});

function loadEntity(loaders: EntityLoaders, entityType: Finding['entityType'], id: string) {
  return loaders[entityType].load(id);
}

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
  }),
});

const FindingFilter = builder.inputType('FindingFilter', {
  description: 'Which findings to list; all conditions must hold.',
  fields: (t) => ({
    severity: t.field({ type: SeverityEnum, description: 'How much they matter.' }),
    ruleId: t.string({ description: 'The rule that found them.' }),
    entityType: t.field({ type: EntityTypeEnum, description: 'The type of entity.' }),
  }),
});

builder.objectField(StagedBatch, 'records', (t) =>
  t.connection(
    {
      type: StagedRecordType,
      description: 'The records of the batch, in their order.',
      args: {
        filter: t.arg({ type: StagedRecordFilter, description: 'Which records; all by default.' }),
      },
      resolve: ({ id }, { filter, ...args }, { runtime }) =>
        resolveKeysetConnection<StagedRecord, number>({
          args,
          toCursor: ({ rowIndex }) => String(rowIndex),
          fromCursor: (cursor) => (/^\d{1,9}$/.test(cursor) ? Number(cursor) : null),
          list: (page) => listStagedRecords(runtime.pool, id, filter ?? {}, page),
        }),
    },
    { name: 'StagedRecordConnection', description: 'A page of staged records.' },
    { name: 'StagedRecordEdge', description: 'A staged record in a page.' },
  ),
);

builder.objectField(StagedBatch, 'findings', (t) =>
  t.connection(
    {
      type: FindingType,
      description: 'The findings of the batch, in the order of its records.',
      args: {
        filter: t.arg({ type: FindingFilter, description: 'Which findings; all by default.' }),
      },
      resolve: ({ id }, { filter, ...args }, { runtime }) =>
        resolveKeysetConnection<Finding, FindingPosition>({
          args,
          toCursor: ({ rowIndex, ordinal }) => `${rowIndex}:${ordinal}`,
          fromCursor: parseFindingPosition,
          list: (page) => listFindings(runtime.pool, id, filter ?? {}, page),
        }),
    },
    { name: 'FindingConnection', description: 'A page of findings.' },
    { name: 'FindingEdge', description: 'A finding in a page.' },
  ),
);

function parseFindingPosition(cursor: string): FindingPosition | null {
  const [, rowIndex, ordinal] = /^(\d{1,9}):(\d{1,9})$/.exec(cursor) ?? [];
  if (rowIndex === undefined || ordinal === undefined) return null;
  return { rowIndex: Number(rowIndex), ordinal: Number(ordinal) };
}
