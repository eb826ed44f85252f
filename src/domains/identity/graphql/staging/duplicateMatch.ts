import type {
  DuplicateMatch,
  MatchContribution,
} from '../../services/duplicates/explainMatches.ts';
import { builder } from '../builder.ts';
import { FindingType } from './finding.ts';

const MatchContributionType = builder.objectRef<MatchContribution>('MatchContribution').implement({
  description: 'What one field brings to the weight of a match.',
  fields: (t) => ({
    field: t.exposeString('field', {
      description:
        'What was compared, such as `family name`; `shared by relatives` takes back what people of one household or office have in common anyway.',
    }),
    level: t.exposeString('level', {
      description: 'How the values agree, such as `one typo apart`.',
    }),
    weight: t.exposeFloat('weight', {
      description: 'In bits: above 0 it speaks for a match, below 0 against it.',
    }),
  }),
});

export const DuplicateMatchType = builder.objectRef<DuplicateMatch>('DuplicateMatch').implement({
  description:
    'Why another entity is taken for the same: the numbers of a waterfall chart, from the prior over the contributions to the weight.',
  fields: (t) => ({
    entityId: t.exposeID('entityId', {
      description: 'The id of the other entity: one of `relatedEntityIds`.',
    }),
    probability: t.exposeFloat('probability', {
      description: 'How probably both are the same, from 0 to 1.',
    }),
    weight: t.exposeFloat('weight', {
      description: 'log2 of the odds that both are the same: prior and contributions together.',
    }),
    prior: t.exposeFloat('prior', {
      description: 'The weight of any two records before they are compared, in bits.',
    }),
    contributions: t.field({
      type: [MatchContributionType],
      description: 'What each field brings; those in which a value is missing bring nothing.',
      resolve: ({ contributions }) => [...contributions],
    }),
  }),
});

builder.objectField(FindingType, 'matches', (t) =>
  t.field({
    type: [DuplicateMatchType],
    description:
      'Why the related entities are taken for the same, the surest match first; at most ten, and none for other findings than duplicates of contacts and sites.',
    resolve: ({ explanation }) => [...(explanation ?? [])],
  }),
);
