import type { BackTest } from '../services/configuration/backTest.ts';
import type { TrialCounts, TrialFinding } from '../services/configuration/trialOutcome.ts';
import { AuditedEntity } from './auditedEntity.ts';
import { builder } from './builder.ts';
import { ConfigureWorkspaceInput } from './configuration.ts';
import { loadOrNotFound } from './entityLoaders.ts';
import { EntityTypeEnum, SeverityEnum } from './enums.ts';
import { StagedBatch } from './staging/stagedBatch.ts';

const BackTestKindEnum = builder.enumType('BackTestKind', {
  description: 'What a change of the configuration does to a finding.',
  values: {
    ADDED: { description: 'It would be there.' },
    REMOVED: { description: 'It would not be there any more.' },
    CHANGED: { description: 'It would have another severity.' },
  } as const,
});

const BackTestRule = builder.objectRef<TrialCounts>('BackTestRule').implement({
  description: 'How many findings of a rule a change adds and removes.',
  fields: (t) => ({
    ruleId: t.exposeString('ruleId', {
      description:
        'The id of the rule; engine.rule-failed for records on which an affected rule failed.',
    }),
    before: t.exposeInt('before', { description: 'How many findings the audit has.' }),
    after: t.exposeInt('after', { description: 'How many it would have.' }),
    added: t.exposeInt('added', { description: 'How many would be added.' }),
    removed: t.exposeInt('removed', { description: 'How many would be removed.' }),
    changed: t.exposeInt('changed', { description: 'How many would have another severity.' }),
  }),
});

const BackTestFinding = builder.objectRef<TrialFinding>('BackTestFinding').implement({
  description: 'A finding that a change adds or removes, or gives another severity.',
  fields: (t) => ({
    kind: t.expose('kind', { type: BackTestKindEnum, description: 'What the change does to it.' }),
    ruleId: t.exposeString('ruleId', { description: 'The id of its rule.' }),
    entityType: t.expose('entityType', {
      type: EntityTypeEnum,
      description: 'The type of the entity that it is about.',
    }),
    entityId: t.exposeID('entityId', { description: 'The id of the entity.' }),
    entity: t.field({
      type: AuditedEntity,
      nullable: true,
      description: 'The entity as it is now.',
      resolve: ({ entityType, entityId }, _args, { loaders }) => loaders[entityType].load(entityId),
    }),
    field: t.exposeString('field', { description: 'The field that it is about.' }),
    message: t.exposeString('message', { description: 'What is wrong.' }),
    currentValue: t.exposeString('currentValue', {
      nullable: true,
      description: 'The value that was judged.',
    }),
    suggestedValue: t.exposeString('suggestedValue', {
      nullable: true,
      description: 'The right value, where one can be told.',
    }),
    severityBefore: t.expose('severityBefore', {
      type: SeverityEnum,
      nullable: true,
      description: 'Its severity in the audit; none for one that would be added.',
    }),
    severityAfter: t.expose('severityAfter', {
      type: SeverityEnum,
      nullable: true,
      description: 'The severity that it would have; none for one that would be removed.',
    }),
  }),
});

const BackTestType = builder.objectRef<BackTest>('BackTest').implement({
  description: 'What a change of the configuration would have made of the last full audit.',
  fields: (t) => ({
    batch: t.field({
      type: StagedBatch,
      description: 'The audit that it is compared with.',
      resolve: ({ batchId }, _args, { loaders }) =>
        loadOrNotFound(loaders.stagedBatch, batchId, 'staged batch'),
    }),
    changedEntityCount: t.exposeInt('changedEntityCount', {
      description:
        'How many entities were changed or added since that audit. Changed ones are judged as they are now, so that some of the difference may be theirs; a new audit tells.',
    }),
    rules: t.expose('rules', {
      type: [BackTestRule],
      description:
        'The rules that are affected and have findings, by id. Changes that were made since that audit count too.',
    }),
    examples: t.expose('examples', {
      type: [BackTestFinding],
      description: 'At most ten findings of each kind, of as many rules as possible.',
    }),
  }),
});

builder.mutationField('backTest', (t) =>
  t.field({
    type: BackTestType,
    description:
      'Says how many findings a change of the configuration would add and remove, and changes nothing. It is a mutation as dry runs are: it may take as long as an audit.',
    args: {
      input: t.arg({
        type: ConfigureWorkspaceInput,
        required: true,
        description: 'What to try out: the input of configureWorkspace.',
      }),
    },
    authScopes: (_parent, { input }) => ({ canManage: input.workspaceId }),
    resolve: (_parent, { input }, { runtime, signal }) => runtime.backTest.backTest(input, signal),
  }),
);
