import { z } from 'zod';
import { formatTable } from '../platform/table.ts';
import type { GatewayClient } from './gatewayClient.ts';
import { printNote, printResult } from './output.ts';

/** Named at the most; there may be hundreds of thousands. */
const SHOWN = 50;

/** What a `ReversalEntry` is asked for. */
export const ENTRY_FIELDS = 'outcome reason change { entityType entityId rowIndex }';

export const entrySchema = z
  .object({
    outcome: z.string(),
    reason: z.string().nullable(),
    change: z.object({ entityType: z.string(), entityId: z.string(), rowIndex: z.number() }),
  })
  .transform(({ outcome, reason, change }) => ({
    ...{ outcome, reason, ...change, entityType: change.entityType.toLowerCase() },
  }));

/** A change that was not undone, or would not be, with the reason. */
export type NotReversed = z.infer<typeof entrySchema>;

const ENDED = /* GraphQL */ `
  query NotReversed($id: ID!, $first: Int!) {
    stagedBatch(id: $id) {
      runs {
        id
        kept: reversals(outcome: KEPT, first: $first) { ...entries }
        errored: reversals(outcome: ERRORED, first: $first) { ...entries }
      }
    }
  }
  fragment entries on ReversalEntryConnection { edges { node { ${ENTRY_FIELDS} } } }
`;

const entriesSchema = z.object({ edges: z.array(z.object({ node: entrySchema })) });

const endedShape = z.object({
  stagedBatch: z.object({
    runs: z.array(z.object({ id: z.string(), kept: entriesSchema, errored: entriesSchema })),
  }),
});

/** What a run has not undone, those kept first; the first of each kind, where there are more. */
export async function readNotReversed(
  gateway: GatewayClient,
  batchId: string,
  runId: string,
): Promise<readonly NotReversed[]> {
  const { stagedBatch } = await gateway.query(ENDED, { id: batchId, first: SHOWN }, endedShape);
  const run = stagedBatch.runs.find(({ id }) => id === runId);
  if (run === undefined) return [];
  return [run.kept, run.errored].flatMap(({ edges }) => edges.map(({ node }) => node));
}

/** @param count - how many there are, of which some are named */
export function printNotReversed(entries: readonly NotReversed[], count: number): void {
  if (entries.length === 0) return;
  printResult(
    formatTable(
      ['Row', 'Entity', 'Id', 'Outcome', 'Why'],
      entries.map(({ rowIndex, entityType, entityId, outcome, reason }) => [
        rowIndex,
        entityType,
        entityId,
        outcome,
        reason ?? '',
      ]),
    ),
  );
  if (count > entries.length) printNote(`There are ${count - entries.length} more than these.`);
}
