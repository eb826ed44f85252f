import { z } from 'zod';
import { formatTable } from '../platform/table.ts';
import type { GatewayClient } from './gatewayClient.ts';

const RULES = /* GraphQL */ `
  query RulesToReview($id: ID!) {
    stagedBatch(id: $id) { findingCounts { ruleId severity openCount gain gainIfResolved } }
  }
`;

const ruleSchema = z.object({
  ruleId: z.string(),
  severity: z.string(),
  openCount: z.number(),
  gain: z.number().nullable(),
  gainIfResolved: z.number().nullable(),
});

/** A rule with findings to review, and by how much the score would rise by them; null in imports. */
export type RuleToReview = z.infer<typeof ruleSchema>;

const shape = z.object({ stagedBatch: z.object({ findingCounts: z.array(ruleSchema) }) });

/** The rules that have something to review in a batch: the largest gain first. */
export async function readRulesToReview(
  gateway: GatewayClient,
  id: string,
): Promise<readonly RuleToReview[]> {
  const { stagedBatch } = await gateway.query(RULES, { id }, shape);
  return stagedBatch.findingCounts
    .filter(({ openCount }) => openCount > 0)
    .sort(
      (a, b) =>
        (b.gain ?? 0) - (a.gain ?? 0) ||
        (b.gainIfResolved ?? 0) - (a.gainIfResolved ?? 0) ||
        b.openCount - a.openCount,
    );
}

/** For people. */
export function formatRulesToReview(rules: readonly RuleToReview[]): string {
  return formatTable(
    ['Rule', 'Severity', 'To review', 'Score if accepted', 'If resolved'],
    rules.map(({ ruleId, severity, openCount, gain, gainIfResolved }) => [
      ...[ruleId, severity, openCount],
      ...[gain, gainIfResolved].map((points) => (points === null ? '' : formatGain(points))),
    ]),
  );
}

/** Two decimals, as scores have them. */
export function formatGain(points: number): string {
  return `+${points.toFixed(2)}`;
}
