import type {
  Certificate,
  CertifiedEntities,
  CertifiedRule,
} from '../../services/certificate/certificate.ts';
import { builder } from '../builder.ts';
import { AuditModeEnum, EntityTypeEnum, SeverityEnum } from '../enums.ts';
import { UncomparedPairsType } from './batchMatching.ts';
import { StagedBatch } from './stagedBatch.ts';

const CertifiedEntitiesType = builder.objectRef<CertifiedEntities>('CertifiedEntities').implement({
  description:
    'What became of the entities of one type in an audit: expected = checked + gone + unreadable + unchanged.',
  fields: (t) => ({
    entityType: t.expose('entityType', {
      type: EntityTypeEnum,
      description: 'The type of the entities.',
    }),
    expected: t.exposeInt('expected', { description: 'How many were active in the snapshot.' }),
    checked: t.exposeInt('checked', { description: 'How many all rules have looked at.' }),
    gone: t.exposeInt('gone', {
      description: 'Skipped, since they were not active any more when they were to be checked.',
    }),
    unreadable: t.exposeInt('unreadable', {
      description: 'Skipped, since they could not be read.',
    }),
    unchanged: t.exposeInt('unchanged', {
      description:
        'Skipped by an incremental audit, since they had not changed; rules that look at the whole workspace have looked at them.',
    }),
    added: t.exposeInt('added', {
      description: 'Beside those expected: added while the audit ran, and left to the next one.',
    }),
    changed: t.exposeInt('changed', {
      description: 'Of those expected: changed while it ran; the next audit looks at them again.',
    }),
    removed: t.exposeInt('removed', {
      description:
        'Of those expected: archived or merged while it ran, some after they were checked.',
    }),
  }),
});

const CertifiedParameterType = builder
  .objectRef<CertifiedRule['parameters'][number]>('CertifiedParameter')
  .implement({
    description: 'The value of a number that a rule went by.',
    fields: (t) => ({
      id: t.exposeString('id', { description: 'The id of the parameter.' }),
      value: t.exposeFloat('value', { description: 'Its value in the workspace.' }),
    }),
  });

const CertifiedRuleType = builder.objectRef<CertifiedRule>('CertifiedRule').implement({
  description: 'A rule that an audit went by, as the workspace had it set.',
  fields: (t) => ({
    id: t.exposeString('id', { description: 'The id of the rule.' }),
    version: t.exposeInt('version', { description: 'The version of the rule.' }),
    severity: t.expose('severity', {
      type: SeverityEnum,
      description: 'How much its findings mattered.',
    }),
    parameters: t.field({
      type: [CertifiedParameterType],
      description: 'The numbers that it went by.',
      resolve: ({ parameters }) => [...parameters],
    }),
  }),
});

const SeverityCountType = builder
  .objectRef<Certificate['findings'][number]>('SeverityCount')
  .implement({
    description: 'How many findings have a severity.',
    fields: (t) => ({
      severity: t.expose('severity', { type: SeverityEnum, description: 'The severity.' }),
      count: t.exposeInt('count', { description: 'How many findings have it.' }),
    }),
  });

const AuditCertificate = builder.objectRef<Certificate>('AuditCertificate').implement({
  description:
    'What an audit has looked at, by which rules, and what it has not. It is written when the audit has been processed, and never changes.',
  fields: (t) => ({
    batchId: t.exposeID('batchId', { description: 'The id of the audit.' }),
    workspaceId: t.exposeID('workspaceId', { description: 'The id of its workspace.' }),
    mode: t.expose('mode', {
      type: AuditModeEnum,
      description: 'How much of the workspace it looked at.',
    }),
    baseBatchId: t.exposeID('baseBatchId', {
      nullable: true,
      description: 'The id of the certified audit that an incremental one builds on.',
    }),
    fullReason: t.exposeString('fullReason', {
      nullable: true,
      description: 'Why it is full though an incremental one was asked for.',
    }),
    snapshot: t.exposeString('snapshot', {
      description:
        'The pg_snapshot that told which entities there are: which transactions were visible.',
    }),
    snapshotAt: t.field({
      type: 'DateTime',
      description: 'When the snapshot was taken.',
      resolve: ({ snapshotAt }) => new Date(snapshotAt),
    }),
    certifiedAt: t.field({
      type: 'DateTime',
      description: 'When the certificate was written.',
      resolve: ({ certifiedAt }) => new Date(certifiedAt),
    }),
    entities: t.field({
      type: [CertifiedEntitiesType],
      description: 'What became of the entities, by type.',
      resolve: ({ entities }) => [...entities],
    }),
    defaultCountry: t.exposeString('defaultCountry', {
      nullable: true,
      description:
        'The country of entities without one of their own, as the workspace had it; ISO 3166-1 alpha-2.',
    }),
    rules: t.field({
      type: [CertifiedRuleType],
      description: 'The rules that were on, in the order of the catalogue.',
      resolve: ({ rules }) => [...rules],
    }),
    rulesOff: t.stringList({
      description: 'The ids of the rules that were off.',
      resolve: ({ rulesOff }) => [...rulesOff],
    }),
    uncompared: t.field({
      type: [UncomparedPairsType],
      description: 'The pairs that the searches for duplicates did not compare.',
      resolve: ({ uncompared }) => [...uncompared],
    }),
    findings: t.field({
      type: [SeverityCountType],
      description:
        'How many findings it made by severity, those among them that an incremental audit leaves to the ledger, since they were open before.',
      resolve: ({ findings }) => [...findings],
    }),
  }),
});

builder.objectField(StagedBatch, 'certificate', (t) =>
  t.field({
    type: AuditCertificate,
    nullable: true,
    description:
      'What the audit has looked at, and what not; null for imports, and for audits that have not been processed to the end.',
    resolve: ({ id }, _args, { loaders }) => loaders.certificate.load(id),
  }),
);
