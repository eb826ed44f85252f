import { resolveKeysetConnection } from '../../../../platform/graphql/keysetConnection.ts';
import { type FindingPosition, listFindings } from '../../services/staging/batchFindings.ts';
import type { Finding } from '../../services/staging/stagedRecords.ts';
import { AuditedEntity } from '../auditedEntity.ts';
import { builder } from '../builder.ts';
import type { EntityLoaders } from '../entityLoaders.ts';
import {
  EntityTypeEnum,
  FindingDecisionEnum,
  FindingStateEnum,
  SeverityEnum,
  SuggestionCertaintyEnum,
} from '../enums.ts';
import { User } from '../user.ts';
import { StagedBatch } from './stagedBatch.ts';

export const FindingType = builder.objectRef<Finding>('Finding').implement({
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
      description: 'The right value, where one can be told; an empty text means none at all.',
    }),
    suggestionCertainty: t.expose('suggestionCertainty', {
      type: SuggestionCertaintyEnum,
      nullable: true,
      description: 'How sure the suggested value is; none where nothing is suggested.',
    }),
    decision: t.expose('decision', {
      type: FindingDecisionEnum,
      description: 'What people have decided about it.',
    }),
    version: t.exposeInt('version', {
      description:
        'How often it was decided on; name it when you decide, so that you see the same.',
    }),
    editedValue: t.exposeString('editedValue', {
      nullable: true,
      description:
        'The value that it was accepted with, where that is not the suggested one; an empty text means none at all.',
    }),
    decidedBy: t.field({
      type: User,
      nullable: true,
      description: 'Who decided on it, or waived the value before; nobody for an open one.',
      resolve: ({ decidedById }, _args, { loaders }) =>
        decidedById === null ? null : loaders.user.load(decidedById),
    }),
    applied: t.exposeBoolean('applied', {
      description:
        'Whether what was accepted came to production, or was found there already, when the batch was promoted.',
    }),
    entityType: t.expose('entityType', {
      type: EntityTypeEnum,
      description: 'The type of the entity.',
    }),
    entityId: t.exposeID('entityId', {
      nullable: true,
      description:
        'The id of the audited entity, or of the one that an imported row matches; none for a row that makes a new one.',
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

/** The entity of a finding or a record, as it is now. */
export function loadEntity(loaders: EntityLoaders, entityType: Finding['entityType'], id: string) {
  return loaders[entityType].load(id);
}

const FindingFilter = builder.inputType('FindingFilter', {
  description: 'Which findings to list; all conditions must hold.',
  fields: (t) => ({
    severity: t.field({ type: SeverityEnum, description: 'How much they matter.' }),
    ruleId: t.string({ description: 'The rule that found them.' }),
    entityType: t.field({ type: EntityTypeEnum, description: 'The type of entity.' }),
    field: t.string({ description: 'The field of the entity.' }),
    decision: t.field({ type: FindingDecisionEnum, description: 'What has been decided.' }),
    state: t.field({
      type: FindingStateEnum,
      description: 'Where they stood in the ledger when the audit was done; imports have none.',
    }),
  }),
});

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
