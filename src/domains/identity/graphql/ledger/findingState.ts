import { builder } from '../builder.ts';
import { FindingStateEnum } from '../enums.ts';
import { FindingType } from '../staging/finding.ts';

builder.objectFields(FindingType, (t) => ({
  state: t.field({
    type: FindingStateEnum,
    nullable: true,
    description:
      'Where it stood in the ledger of its workspace when its audit was done; none before that, and in imports.',
    resolve: async (finding, _args, { loaders }) =>
      (await loaders.findingHistory.load(finding))?.state ?? null,
  }),
  firstSeenAt: t.field({
    type: 'DateTime',
    nullable: true,
    description: 'When the first audit that found it was triggered; none where it has no state.',
    resolve: async (finding, _args, { loaders }) =>
      (await loaders.findingHistory.load(finding))?.firstSeenAt ?? null,
  }),
  lastSeenAt: t.field({
    type: 'DateTime',
    nullable: true,
    description:
      'When the last audit that found it was triggered, this one or a later one; none where it has no state.',
    resolve: async (finding, _args, { loaders }) =>
      (await loaders.findingHistory.load(finding))?.lastSeenAt ?? null,
  }),
}));
