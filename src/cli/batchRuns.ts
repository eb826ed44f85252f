import { z } from 'zod';
import { formatTable } from '../platform/table.ts';
import { waitForBatch } from './batchSummary.ts';
import type { GatewayClient } from './gatewayClient.ts';
import { ENTRY_FIELDS, entrySchema, type NotReversed, printNotReversed } from './notReversed.ts';
import { printNote, printResult } from './output.ts';

const countsSchema = z.record(z.string(), z.number());

/** What became of how many, by outcome. */
export type RunCounts = z.infer<typeof countsSchema>;

const begunShape = z.object({
  begun: z.object({
    runId: z.string().nullable(),
    batch: z.object({ status: z.string() }),
    // A reversal that has begun has counted nothing yet.
    counts: countsSchema.nullable().transform((counts) => counts ?? {}),
    notReversed: z.array(entrySchema).optional(),
  }),
});

/** A promotion or reversal that has begun; for a dry run, what it would do. */
export type BegunRun = z.infer<typeof begunShape>['begun'];

/** What a kind of run counts, with how it is said to people. */
export const OUTCOMES = {
  promotion: {
    applied: 'records applied',
    created: 'of them as new entities',
    unchanged: 'of them as accepted already',
    merged: 'entities merged',
    conflicts: 'records in conflict',
    failed: 'records failed',
    waiting: 'left until what they refer to is there',
    skippedFourEyes: 'left for somebody else to promote',
    skippedOpenErrors: 'left until their errors are decided on',
  },
  reversal: {
    reversed: 'changes reversed',
    kept: 'changes kept',
    errored: 'changes that could not be undone',
  },
} as const;

export type RunKind = keyof typeof OUTCOMES;

const MUTATIONS = { promotion: 'promoteStagedBatch', reversal: 'revertPromotion' } as const;

/** Begins a promotion or reversal, or tries what it would do. */
export async function beginRun(
  gateway: GatewayClient,
  kind: RunKind,
  input: { readonly batchId: string; readonly dryRun: boolean } & Readonly<Record<string, unknown>>,
): Promise<BegunRun> {
  const mutation = MUTATIONS[kind];
  const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;
  const more = kind === 'reversal' ? `notReversed { ${ENTRY_FIELDS} }` : '';
  const document = /* GraphQL */ `
    mutation BeginRun($input: ${type}!) {
      begun: ${mutation}(input: $input) {
        runId batch { status } counts { ${Object.keys(OUTCOMES[kind]).join(' ')} } ${more}
      }
    }
  `;
  return (await gateway.query(document, { input }, begunShape)).begun;
}

/** A run that has come to its end, or as far as it got. */
export interface EndedRun {
  readonly status: string;
  readonly failureReason: string | null;
  readonly counts: RunCounts;
  readonly succeeded: boolean;
  /** Of a reversal. */
  readonly notReversed?: readonly NotReversed[];
}

/** Waits for the end of a run, with a progress bar on a terminal. */
export async function waitForRun(
  gateway: GatewayClient,
  kind: RunKind,
  batchId: string,
  runId: string,
): Promise<EndedRun> {
  const summary = await waitForBatch(gateway, batchId, kind, 'parts');
  const document = /* GraphQL */ `
    query Runs($id: ID!) {
      stagedBatch(id: $id) { runs { id finishedAt counts { ${Object.keys(OUTCOMES[kind]).join(' ')} } } }
    }
  `;
  const shape = z.object({
    stagedBatch: z.object({
      runs: z.array(
        z.object({ id: z.string(), finishedAt: z.string().nullable(), counts: countsSchema }),
      ),
    }),
  });
  const { stagedBatch } = await gateway.query(document, { id: batchId }, shape);
  const { status, failureReason } = summary;
  const run = stagedBatch.runs.find(({ id }) => id === runId);
  // By the run and not by its batch: one that was cancelled before stays so when it is reverted.
  const isDone = (run?.finishedAt ?? null) !== null;
  return { status, failureReason, counts: run?.counts ?? {}, succeeded: isDone };
}

/** The counts for people; what nothing came to is left out. */
function formatCounts(kind: RunKind, counts: RunCounts): string {
  const rows = Object.entries(OUTCOMES[kind]).flatMap(([outcome, said]) => {
    const count = counts[outcome] ?? 0;
    return count === 0 ? [] : [[said, count] as const];
  });
  return rows.length === 0 ? 'There is nothing to do.' : formatTable(['Outcome', 'Count'], rows);
}

/** Prints what a run did, or would do. */
export function printRun(
  kind: RunKind,
  { batchId, runId }: { readonly batchId: string; readonly runId: string | null },
  ended: EndedRun,
  json: boolean,
): void {
  const { status, failureReason, counts, notReversed } = ended;
  if (json) {
    const outcome = { status, failureReason, counts, notReversed };
    printResult(JSON.stringify({ batchId, runId, dryRun: runId === null, ...outcome }));
    return;
  }
  const what = kind === 'promotion' ? 'Promotion' : 'Reversal';
  printResult(
    runId === null
      ? `${what} of ${batchId}: a dry run, nothing was changed.`
      : `${what} of ${batchId}: ${status}.`,
  );
  if (failureReason !== null) printNote(failureReason);
  printResult(formatCounts(kind, counts));
  const { kept = 0, errored = 0 } = counts;
  if (notReversed) printNotReversed(notReversed, kept + errored);
}
