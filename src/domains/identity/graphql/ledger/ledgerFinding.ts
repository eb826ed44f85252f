import type { LedgerFinding } from '../../services/ledger/ledgerFindings.ts';
import { AuditedEntity } from '../auditedEntity.ts';
import { builder } from '../builder.ts';
import { Contact } from '../contact.ts';
import { Device } from '../device.ts';
import type { EntityLoaders } from '../entityLoaders.ts';
import {
  EntityTypeEnum,
  LedgerStateEnum,
  SeverityEnum,
  SuggestionCertaintyEnum,
} from '../enums.ts';
import { Site } from '../site.ts';

export const LedgerFindingType = builder.objectRef<LedgerFinding>('LedgerFinding').implement({
  description: 'What audits have found about one field of an entity, over time.',
  fields: (t) => ({
    state: t.expose('state', { type: LedgerStateEnum, description: 'Where it stands now.' }),
    ruleId: t.exposeString('ruleId', { description: 'The id of the rule.' }),
    ruleVersion: t.exposeInt('ruleVersion', {
      description: 'The version of the rule that found it last.',
    }),
    severity: t.expose('severity', { type: SeverityEnum, description: 'How much it matters.' }),
    field: t.exposeString('field', { description: 'The field of the entity.' }),
    message: t.exposeString('message', { description: 'What is wrong.' }),
    currentValue: t.exposeString('currentValue', {
      nullable: true,
      description: 'The value as it was found last.',
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
    firstSeenAt: t.expose('firstSeenAt', {
      type: 'DateTime',
      description: 'When the first audit that found it was triggered.',
    }),
    lastSeenAt: t.expose('lastSeenAt', {
      type: 'DateTime',
      description: 'When the last audit was triggered that found it, or that left it open.',
    }),
    resolvedAt: t.expose('resolvedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the audit was triggered that did not find it any more.',
    }),
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
    entityVersion: t.exposeInt('entityVersion', {
      description: 'The version of the entity in which it was found last.',
    }),
    isOutdated: t.boolean({
      description: 'Whether the entity has changed since it was found, in this field or another.',
      resolve: async ({ entityType, entityId, entityVersion }, _args, { loaders }) =>
        (await loaders[entityType].load(entityId))?.version !== entityVersion,
    }),
    relatedCount: t.exposeInt('relatedCount', {
      description: 'How many other entities it is about, such as duplicates.',
    }),
    relatedEntityIds: t.idList({
      description: 'The ids of these entities; the first hundred where there are more.',
      resolve: ({ relatedEntityIds }) => [...relatedEntityIds],
    }),
  }),
});

/** An entity that was loaded, in its workspace. */
interface LoadedEntity {
  readonly id: string;
  readonly workspaceId: string;
}

const description =
  'What is open about it now: found by an audit, neither resolved nor waived since; errors first.';

const includeResolved = {
  defaultValue: false,
  required: true,
  description: 'Whether to add what is waived, and what was resolved.',
} as const;

const loadFindings = (
  { id: entityId, workspaceId }: LoadedEntity,
  args: { readonly includeResolved: boolean },
  { openFindings, allFindings }: EntityLoaders,
): Promise<LedgerFinding[]> =>
  (args.includeResolved ? allFindings : openFindings).load({ workspaceId, entityId });

builder.prismaObjectField(Contact, 'findings', (t) =>
  t.field({
    type: [LedgerFindingType],
    description,
    args: { includeResolved: t.arg.boolean(includeResolved) },
    resolve: (contact, args, { loaders }) => loadFindings(contact, args, loaders),
  }),
);

builder.prismaObjectField(Site, 'findings', (t) =>
  t.field({
    type: [LedgerFindingType],
    description,
    args: { includeResolved: t.arg.boolean(includeResolved) },
    resolve: (site, args, { loaders }) => loadFindings(site, args, loaders),
  }),
);

builder.prismaObjectField(Device, 'findings', (t) =>
  t.field({
    type: [LedgerFindingType],
    description,
    args: { includeResolved: t.arg.boolean(includeResolved) },
    resolve: (device, args, { loaders }) => loadFindings(device, args, loaders),
  }),
);
