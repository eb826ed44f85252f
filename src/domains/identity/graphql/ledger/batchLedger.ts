import { validate as isUuid } from 'uuid';
import { resolveKeysetConnection } from '../../../../platform/graphql/keysetConnection.ts';
import type { LedgerCounts } from '../../services/ledger/ledgerCounts.ts';
import {
  type LedgerFinding,
  listResolvedFindings,
  type ResolvedPosition,
} from '../../services/ledger/ledgerFindings.ts';
import { builder } from '../builder.ts';
import { StagedBatch } from '../staging/stagedBatch.ts';
import { LedgerFindingType } from './ledgerFinding.ts';

const BatchLedgerType = builder.objectRef<LedgerCounts>('BatchLedger').implement({
  description: 'What an audit has changed in the ledger of its workspace.',
  fields: (t) => ({
    newCount: t.exposeInt('new', { description: 'Findings that no audit had seen before.' }),
    persistingCount: t.exposeInt('persisting', {
      description:
        'Findings that were open before and still are; also those that an incremental audit did not have to look at.',
    }),
    resolvedCount: t.exposeInt('resolved', {
      description: 'Findings that were open before, and that it did not find any more.',
    }),
    regressedCount: t.exposeInt('regressed', {
      description: 'Findings that an earlier audit had resolved, and that came back.',
    }),
  }),
});

builder.objectFields(StagedBatch, (t) => ({
  ledger: t.field({
    type: BatchLedgerType,
    nullable: true,
    description:
      'What the audit has changed in the ledger; none before it is processed, for imports, and for an audit that was overtaken by a later one.',
    resolve: ({ id }, _args, { loaders }) => loaders.ledgerCounts.load(id),
  }),
  resolvedFindings: t.connection(
    {
      type: LedgerFindingType,
      description:
        'The findings that were open before the audit and that it did not find any more, by rule; as they stand now.',
      resolve: ({ id }, args, { runtime }) =>
        resolveKeysetConnection<LedgerFinding, ResolvedPosition>({
          args,
          toCursor: ({ ruleId, entityId, field, discriminator }) =>
            [ruleId, entityId, field, discriminator].join('|'),
          fromCursor: parsePosition,
          list: (page) => listResolvedFindings(runtime.pool, id, page),
        }),
    },
    { name: 'LedgerFindingConnection', description: 'A page of findings over time.' },
    { name: 'LedgerFindingEdge', description: 'A finding in a page.' },
  ),
}));

function parsePosition(cursor: string): ResolvedPosition | null {
  const [, ruleId, entityId, field, discriminator] =
    /^([\w.-]+)\|([\da-f-]{36})\|(\w*)\|([\da-f-]*)$/.exec(cursor) ?? [];
  if (ruleId === undefined || entityId === undefined) return null;
  if (field === undefined || discriminator === undefined || !isUuid(entityId)) return null;
  return { ruleId, entityId, field, discriminator };
}
