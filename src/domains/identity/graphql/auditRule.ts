import { type AuditRule, listAuditRules } from '../services/auditRules.ts';
import { builder } from './builder.ts';
import { EntityTypeEnum, SeverityEnum } from './enums.ts';

const AuditRuleParameter = builder
  .objectRef<AuditRule['parameters'][number]>('AuditRuleParameter')
  .implement({
    description: 'A number that a rule goes by.',
    fields: (t) => ({
      id: t.exposeString('id', {
        description:
          'The id of the rule and a name, such as contact.birth-date.implausible.maximumAge.',
      }),
      description: t.exposeString('description', { description: 'What it means, with its unit.' }),
      default: t.exposeFloat('default', { description: 'Its value where nothing else is said.' }),
      minimum: t.exposeFloat('minimum', { description: 'The least that it can be set to.' }),
      maximum: t.exposeFloat('maximum', { description: 'The most that it can be set to.' }),
    }),
  });

export const AuditRuleType = builder.objectRef<AuditRule>('AuditRule').implement({
  description: 'One check of an audit.',
  fields: (t) => ({
    id: t.exposeString('id', { description: 'The id, which stays the same.' }),
    version: t.exposeInt('version', {
      description: 'Raised whenever the rule may judge the same value differently.',
    }),
    entityType: t.expose('entityType', {
      type: EntityTypeEnum,
      nullable: true,
      description: 'The type of entity that it is about; null for all of them.',
    }),
    severity: t.expose('severity', { type: SeverityEnum, description: 'How much it matters.' }),
    looksAtWorkspace: t.exposeBoolean('looksAtWorkspace', {
      description:
        'Whether it looks at all entities of the workspace together, as audits do, rather than at one record.',
    }),
    fields: t.exposeStringList('fields', { description: 'The fields that it reads.' }),
    description: t.exposeString('description', { description: 'What it demands.' }),
    rationale: t.exposeString('rationale', { description: 'Why it matters.' }),
    example: t.exposeString('example', { description: 'Something that it finds.' }),
    parameters: t.expose('parameters', {
      type: [AuditRuleParameter],
      description: 'The numbers that it goes by.',
    }),
  }),
});

builder.queryField('auditRules', (t) =>
  t.field({
    type: [AuditRuleType],
    nullable: true,
    description:
      'The rules of audits and imports, by entity type; at the end what the engine reports of itself.',
    args: {
      entityType: t.arg({
        type: EntityTypeEnum,
        description: 'Only the rules for this type, and those for all.',
      }),
    },
    authScopes: { authenticated: true },
    resolve: (_parent, { entityType }) => listAuditRules(entityType),
  }),
);
