import { z } from 'zod';
import type { GatewayClient } from './gatewayClient.ts';
import { describeExtent, extentSchema } from './matchingExtent.ts';

const OUTCOME = /* GraphQL */ `
  query AuditOutcome($id: ID!) {
    stagedBatch(id: $id) {
      ledger { newCount persistingCount resolvedCount regressedCount }
      matching { entityType comparedEntities fullReason uncompared { key records pairs } }
    }
  }
`;

const ledgerSchema = z.object({
  newCount: z.number(),
  persistingCount: z.number(),
  resolvedCount: z.number(),
  regressedCount: z.number(),
});

const matchingSchema = extentSchema.extend({
  uncompared: z.array(z.object({ key: z.string(), records: z.number(), pairs: z.number() })),
});

const outcomeShape = z.object({
  stagedBatch: z.object({ ledger: ledgerSchema.nullable(), matching: z.array(matchingSchema) }),
});

/** What an audit has changed in the ledger. */
export type LedgerCounts = z.infer<typeof ledgerSchema>;

export interface AuditOutcome {
  /** Null for an audit that was overtaken by a later one. */
  readonly ledger: LedgerCounts | null;
  /** What people should know of how duplicates were looked for. */
  readonly notes: readonly string[];
}

/** What an audit that is done has come to, beside its findings. */
export async function readAuditOutcome(gateway: GatewayClient, id: string): Promise<AuditOutcome> {
  const { stagedBatch } = await gateway.query(OUTCOME, { id }, outcomeShape);
  const { ledger, matching } = stagedBatch;
  return {
    ledger,
    notes: matching.flatMap((search) => [...describeExtent(search), ...describeUncompared(search)]),
  };
}

/** A line about what has changed since the audits before, for people. */
export function formatLedger(counts: LedgerCounts): string {
  const { newCount, persistingCount, resolvedCount, regressedCount } = counts;
  return `Since the audits before: ${newCount} new, ${persistingCount} persisting, ${resolvedCount} resolved, ${regressedCount} regressed.`;
}

/** A line where not all pairs were compared that have something in common. */
function describeUncompared({ entityType, uncompared }: z.infer<typeof matchingSchema>): string[] {
  if (uncompared.length === 0) return [];
  const pairs = uncompared.reduce((sum, part) => sum + part.pairs, 0);
  const keys = uncompared.map(({ key, records }) => `${key} (${records} records)`).join(', ');
  return [
    `Up to ${pairs} pairs of ${entityType.toLowerCase()}s were not compared, since too many share what would bring them together: ${keys}.`,
  ];
}
