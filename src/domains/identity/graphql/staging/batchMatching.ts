import type { BatchMatching } from '../../services/duplicates/batchMatching.ts';
import type {
  MatchedPopulation,
  UncomparedPairs,
} from '../../services/duplicates/matchingDetails.ts';
import { builder } from '../builder.ts';
import { EntityTypeEnum } from '../enums.ts';
import { StagedBatch } from './stagedBatch.ts';

const MatchPopulationEnum = builder.enumType('MatchPopulation', {
  description: 'Which records are compared with each other.',
  values: {
    PERSON: { value: 'person', description: 'Contacts with the name of a person, or with none.' },
    ORGANISATION: {
      value: 'organisation',
      description: 'Contacts with the name of an organisation only.',
    },
    SITE: { value: 'site', description: 'Sites.' },
  } as const,
});

const MatchedPopulationType = builder.objectRef<MatchedPopulation>('MatchedPopulation').implement({
  description: 'How the records of one kind were compared.',
  fields: (t) => ({
    population: t.expose('population', {
      type: MatchPopulationEnum,
      description: 'Which records.',
    }),
    records: t.exposeInt('records', { description: 'How many there are.' }),
    sameShare: t.exposeFloat('sameShare', {
      description:
        'The share of all pairs that are the same, from 0 to 1: lambda of the Fellegi-Sunter model.',
    }),
    estimatedFields: t.stringList({
      description: 'Fields whose weights were learnt on the records themselves.',
      resolve: ({ estimatedFields }) => [...estimatedFields],
    }),
    priorFields: t.stringList({
      description: 'Fields with too little evidence to learn from, weighed by documented priors.',
      resolve: ({ priorFields }) => [...priorFields],
    }),
  }),
});

export const UncomparedPairsType = builder.objectRef<UncomparedPairs>('UncomparedPairs').implement({
  description:
    'Pairs that were not compared, since too many records share what would bring them together.',
  fields: (t) => ({
    population: t.expose('population', {
      type: MatchPopulationEnum,
      description: 'Which records.',
    }),
    key: t.exposeString('key', { description: 'What they share, such as `mailbox`.' }),
    blocks: t.exposeInt('blocks', {
      description: 'How many values of it are shared by too many.',
    }),
    records: t.exposeInt('records', { description: 'How many records share one of these.' }),
    pairs: t.exposeFloat('pairs', {
      description:
        'How many pairs these are at the most; some may have been compared by something else they share.',
    }),
  }),
});

const BatchMatchingType = builder.objectRef<BatchMatching>('BatchMatching').implement({
  description: 'What the search for duplicates of one type of entity compared.',
  fields: (t) => ({
    entityType: t.expose('entityType', {
      type: EntityTypeEnum,
      description: 'The type of the entities.',
    }),
    comparedPairs: t.exposeFloat('comparedPairs', { description: 'How many pairs were compared.' }),
    matchedPairs: t.exposeInt('matchedPairs', {
      description: 'How many of them are probably the same.',
    }),
    clusters: t.exposeInt('clusters', {
      description: 'How many clusters the entities that are the same form.',
    }),
    threshold: t.exposeFloat('threshold', {
      description: 'From which probability on two entities are probably the same, from 0 to 1.',
    }),
    comparedEntities: t.int({
      nullable: true,
      description:
        'Of an incremental audit that went by what an earlier one had learnt: how many entities were compared with the rest, those that changed and those that hang together with them. Null where all were compared with each other.',
      resolve: ({ comparedRecords }) => comparedRecords,
    }),
    fullReason: t.exposeString('fullReason', {
      nullable: true,
      description: 'Why an incremental audit compared all with each other; null where it did not.',
    }),
    seconds: t.exposeFloat('seconds', { description: 'How long it took, in seconds.' }),
    populations: t.field({
      type: [MatchedPopulationType],
      description: 'How the records of each kind were compared.',
      resolve: ({ populations }) => [...populations],
    }),
    uncompared: t.field({
      type: [UncomparedPairsType],
      description: 'What was not compared; empty where everything was that had anything in common.',
      resolve: ({ uncompared }) => [...uncompared],
    }),
  }),
});

builder.objectField(StagedBatch, 'matching', (t) =>
  t.field({
    type: [BatchMatchingType],
    description:
      'What the search for duplicates compared, by type of entity; empty before it is done, and for imports.',
    resolve: ({ id }, _args, { loaders }) => loaders.batchMatching.load(id),
  }),
);
