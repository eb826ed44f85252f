import type { Waiver } from '../../services/review/waivers.ts';
import { builder } from '../builder.ts';
import { FindingType } from '../staging/finding.ts';
import { User } from '../user.ts';

const WaiverType = builder.objectRef<Waiver>('Waiver').implement({
  description: 'Somebody’s word that a value is fine as it is.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The id of the waiver.' }),
    reason: t.exposeString('reason', { description: 'Why the value is fine.' }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Until when audits honour it; none for one that lasts.',
    }),
    createdBy: t.field({
      type: User,
      nullable: true,
      description: 'Who gave it; null for somebody who has left the workspace.',
      resolve: ({ createdById }, _args, { loaders }) => loaders.user.load(createdById),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was given.' }),
  }),
});

builder.objectField(FindingType, 'waiver', (t) =>
  t.field({
    type: WaiverType,
    nullable: true,
    description:
      'The waiver that it is WAIVED by, which may come from an earlier audit; none for a row that is not in production.',
    resolve: ({ batchId, rowIndex, ordinal, decision }, _args, { loaders }) =>
      decision === 'WAIVED' ? loaders.waivers.load({ batchId, rowIndex, ordinal }) : null,
  }),
);
