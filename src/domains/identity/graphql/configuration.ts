import { resolveConnectionById } from '../../../platform/graphql/keysetConnection.ts';
import { auditRuleById } from '../services/auditRules.ts';
import {
  type Acceptance,
  acceptanceOf,
  readAcceptance,
} from '../services/configuration/acceptanceRates.ts';
import {
  type ConfigurationChange,
  listConfigurationChanges,
} from '../services/configuration/configurationChanges.ts';
import {
  type ConfiguredParameter,
  type ConfiguredRule,
  listConfiguredRules,
} from '../services/configuration/configuredRules.ts';
import { configureWorkspace } from '../services/configuration/configureWorkspace.ts';
import { AuditRuleType } from './auditRule.ts';
import { builder } from './builder.ts';
import { signedIn } from './context.ts';
import { loadOrNotFound } from './entityLoaders.ts';
import { EntityTypeEnum, SeverityEnum } from './enums.ts';
import { User } from './user.ts';
import { Workspace } from './workspace.ts';

const RuleAcceptance = builder.objectRef<Acceptance>('RuleAcceptance').implement({
  description:
    'What people have made of the findings of a rule, in the batches that the workspace still has.',
  fields: (t) => ({
    accepted: t.exposeInt('accepted', { description: 'How many were accepted.' }),
    rejected: t.exposeInt('rejected', { description: 'How many were rejected.' }),
    waived: t.exposeInt('waived', {
      description:
        'How many were waived; those that an earlier waiver covers are not counted again.',
    }),
    rate: t.exposeFloat('rate', {
      nullable: true,
      description: 'The share of accepted ones, from 0 to 1; none below ten decisions.',
    }),
    hint: t.exposeString('hint', {
      nullable: true,
      description: 'What could be done about a low rate.',
    }),
  }),
});

const ConfiguredRuleParameter = builder
  .objectRef<ConfiguredParameter>('ConfiguredRuleParameter')
  .implement({
    description: 'A number that a rule goes by in a workspace.',
    fields: (t) => ({
      id: t.exposeString('id', { description: 'The id of the parameter.' }),
      value: t.exposeFloat('value', { description: 'What the rule goes by.' }),
      default: t.exposeFloat('default', {
        description: 'What it goes by where the workspace has set nothing.',
      }),
    }),
  });

/** A rule with the figures of all rules, which are read only where they are asked for. */
interface RuleInWorkspace extends ConfiguredRule {
  readonly acceptance: () => Promise<ReadonlyMap<string, Acceptance>>;
}

const ConfiguredRuleType = builder.objectRef<RuleInWorkspace>('ConfiguredRule').implement({
  description: 'A rule as a workspace has it.',
  fields: (t) => ({
    rule: t.field({
      type: AuditRuleType,
      description: 'The rule as the catalogue has it.',
      resolve: ({ rule }) => rule,
    }),
    enabled: t.exposeBoolean('enabled', { description: 'Whether audits and imports go by it.' }),
    severity: t.expose('severity', {
      type: SeverityEnum,
      description: 'How much it matters here.',
    }),
    parameters: t.expose('parameters', {
      type: [ConfiguredRuleParameter],
      description: 'The numbers that it goes by here.',
    }),
    isChanged: t.exposeBoolean('isChanged', {
      description: 'Whether anything of it differs from the catalogue.',
    }),
    acceptance: t.field({
      type: RuleAcceptance,
      description: 'What people have made of its findings here.',
      resolve: async ({ rule: { id }, acceptance }) =>
        (await acceptance()).get(id) ?? acceptanceOf(id, { accepted: 0, rejected: 0, waived: 0 }),
    }),
  }),
});

const ConfigurationChangeType = builder
  .objectRef<ConfigurationChange>('ConfigurationChange')
  .implement({
    description: 'One change of how a workspace is configured: who made it, from what to what.',
    fields: (t) => ({
      id: t.exposeID('id', { description: 'The id of the change.' }),
      actor: t.field({
        type: User,
        nullable: true,
        description: 'Who made it; null for somebody who is no longer known here.',
        resolve: ({ actorId }, _args, { loaders }) => loaders.user.load(actorId),
      }),
      ruleId: t.string({
        nullable: true,
        description: 'The id of the rule that was set; null for a setting of the workspace itself.',
        resolve: ({ ruleId }) => ruleId || null,
      }),
      rule: t.field({
        type: AuditRuleType,
        nullable: true,
        description: 'That rule, where the catalogue still has it.',
        resolve: ({ ruleId }) => auditRuleById(ruleId),
      }),
      before: t.expose('before', {
        type: 'JSON',
        description:
          'The settings that changed, as they were: enabled, severity, parameters by their ids, defaultCountry, fourEyes, retentionDays.',
      }),
      after: t.expose('after', {
        type: 'JSON',
        description: 'The same settings, as they were from then on.',
      }),
      createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    }),
  });

builder.prismaObjectFields(Workspace, (t) => ({
  rules: t.field({
    type: [ConfiguredRuleType],
    description: 'The rules of audits and imports as the workspace has them.',
    args: {
      entityType: t.arg({ type: EntityTypeEnum, description: 'Only the rules for this type.' }),
    },
    resolve: async ({ id }, { entityType }, { runtime: { pool } }) => {
      let read: Promise<ReadonlyMap<string, Acceptance>> | undefined;
      const acceptance = () => {
        read ??= readAcceptance(pool, id);
        return read;
      };
      const rules = await listConfiguredRules(pool, id, entityType);
      return rules.map((rule) => ({ ...rule, acceptance }));
    },
  }),
  configurationChanges: t.connection(
    {
      type: ConfigurationChangeType,
      description: 'Every change of its configuration, newest first.',
      resolve: ({ id }, args, { runtime }) =>
        resolveConnectionById(args, (page) => listConfigurationChanges(runtime.pool, id, page)),
    },
    { name: 'ConfigurationChangeConnection', description: 'A page of changes.' },
    { name: 'ConfigurationChangeEdge', description: 'A change in a page.' },
  ),
}));

const ParameterInput = builder.inputType('RuleParameterInput', {
  description: 'A number that a rule is to go by.',
  fields: (t) => ({
    id: t.string({ required: true, description: 'The id of the parameter.' }),
    value: t.float({ description: 'The value; none, or null, for that of the catalogue.' }),
  }),
});

const RuleInput = builder.inputType('ConfigureRuleInput', {
  description:
    'How a rule is to be set. What is left out stays as it is; null is what the catalogue has.',
  fields: (t) => ({
    ruleId: t.string({ required: true, description: 'The id of the rule.' }),
    enabled: t.boolean({ description: 'Whether audits and imports go by it.' }),
    severity: t.field({ type: SeverityEnum, description: 'How much it matters.' }),
    parameters: t.field({
      type: [ParameterInput],
      description: 'The numbers that it goes by; those that are left out stay.',
    }),
    reset: t.boolean({
      defaultValue: false,
      description: 'Whether all that is not named beside it is as in the catalogue again.',
    }),
  }),
});

/** What `configureWorkspace` does and `backTest` tries out. */
export const ConfigureWorkspaceInput = builder.inputType('ConfigureWorkspaceInput', {
  description: 'How a workspace is to be configured. What is left out stays as it is.',
  fields: (t) => ({
    workspaceId: t.id({ required: true, description: 'The id of the workspace.' }),
    defaultCountry: t.string({
      description:
        'ISO 3166-1 alpha-2 of the country where an entity has none of its own; null for none.',
    }),
    rules: t.field({ type: [RuleInput], description: 'The rules to set.' }),
  }),
});

builder.mutationField('configureWorkspace', (t) =>
  t.field({
    type: Workspace,
    description:
      'Configures a workspace, all of what is asked or nothing. Audits and imports go by it that are started from then on.',
    args: {
      input: t.arg({ type: ConfigureWorkspaceInput, required: true, description: 'What to set.' }),
    },
    authScopes: (_parent, { input }) => ({ canManage: input.workspaceId }),
    resolve: async (_parent, { input }, context) => {
      const { runtime, loaders } = context;
      await configureWorkspace(runtime.pool, { ...input, actorId: signedIn(context) });
      const { workspaceId } = input;
      return loadOrNotFound(loaders.workspace.clear(workspaceId), workspaceId, 'workspace');
    },
  }),
);
