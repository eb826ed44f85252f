import type { MatchCandidate } from '../../services/imports/matching/matchCandidate.ts';
import type { MatchCount } from '../../services/staging/batchCounts.ts';
import type { StagedRecord } from '../../services/staging/stagedRecords.ts';
import { AuditedEntity } from '../auditedEntity.ts';
import { builder } from '../builder.ts';
import { MatchByEnum, MatchKindEnum } from '../enums.ts';
import { DuplicateMatchType } from './duplicateMatch.ts';
import { loadEntity } from './finding.ts';
import { StagedBatch } from './stagedBatch.ts';
import { StagedRecordType } from './stagedRecord.ts';

interface Candidate extends MatchCandidate {
  readonly entityType: StagedRecord['entityType'];
}

const MatchCandidateType = builder.objectRef<Candidate>('MatchCandidate').implement({
  description: 'An entity that a row of an import may be.',
  fields: (t) => ({
    entityId: t.exposeID('entityId', { description: 'The id of the entity; choose it by this.' }),
    entity: t.field({
      type: AuditedEntity,
      nullable: true,
      description: 'The entity as it is now.',
      resolve: ({ entityType, entityId }, _args, { loaders }) =>
        loadEntity(loaders, entityType, entityId),
    }),
    reason: t.exposeString('reason', { description: 'Why somebody has to say whether it is.' }),
    probability: t.float({
      nullable: true,
      description:
        'How probably both are the same, from 0 to 1; null where they share what identifies them.',
      resolve: ({ explanation }) => explanation?.probability ?? null,
    }),
    explanation: t.field({
      type: DuplicateMatchType,
      nullable: true,
      description: 'Why both are taken for the same; null where they share what identifies them.',
      resolve: ({ explanation }) => explanation,
    }),
  }),
});

interface Match extends Pick<StagedRecord, 'entityType' | 'matchBy'> {
  readonly kind: NonNullable<StagedRecord['matchKind']>;
  readonly candidates: readonly MatchCandidate[];
}

const RecordMatchType = builder.objectRef<Match>('RecordMatch').implement({
  description: 'What a row of an import is to production, and how that was found out.',
  fields: (t) => ({
    kind: t.expose('kind', { type: MatchKindEnum, description: 'What it is.' }),
    by: t.expose('matchBy', {
      type: MatchByEnum,
      nullable: true,
      description: 'How that was found out; null for a new entity, unless somebody chose that.',
    }),
    candidates: t.field({
      type: [MatchCandidateType],
      description:
        'The entities among which somebody has to choose, or has chosen: at most ten, the surest first. None where there was no choice.',
      resolve: ({ entityType, candidates }) =>
        candidates.map((candidate) => ({ ...candidate, entityType })),
    }),
  }),
});

builder.objectField(StagedRecordType, 'match', (t) =>
  t.field({
    type: RecordMatchType,
    nullable: true,
    description:
      'What a row of an import is to production; null until it is checked, where it could not be read, and for what is no import. `entity` is the one that it matches.',
    resolve: ({ entityType, matchKind, matchBy, candidates }) =>
      matchKind && { entityType, kind: matchKind, matchBy, candidates: candidates ?? [] },
  }),
);

const MatchCountType = builder.objectRef<MatchCount>('MatchCount').implement({
  description: 'How many rows of an import are the same to production.',
  fields: (t) => ({
    kind: t.expose('kind', { type: MatchKindEnum, description: 'What they are.' }),
    count: t.exposeInt('count', { description: 'How many rows there are.' }),
  }),
});

builder.objectField(StagedBatch, 'matchCounts', (t) =>
  t.field({
    type: [MatchCountType],
    description:
      'The rows of an import by what they are to production; kinds that no row is of are left out, and rows that could not be read are of none.',
    resolve: ({ id }, _args, { loaders }) => loaders.matchCounts.load(id),
  }),
);
