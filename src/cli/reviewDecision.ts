import { z } from 'zod';
import { CliError } from './cliError.ts';
import type { GatewayClient } from './gatewayClient.ts';
import { printNote, printResult } from './output.ts';
import type { ReviewFilter } from './reviewFilter.ts';

/** What a reviewer may decide, with the mutation that does so and the word for what was done. */
export const VERDICTS = {
  accept: { mutation: 'acceptFindings', ofRecords: 'ACCEPTED', done: 'accepted' },
  reject: { mutation: 'rejectFindings', ofRecords: 'REJECTED', done: 'rejected' },
  waive: { mutation: 'waiveFindings', ofRecords: null, done: 'waived' },
  reopen: { mutation: 'reopenFindings', ofRecords: 'OPEN', done: 'reopened' },
} as const;

export type Verdict = keyof typeof VERDICTS;

export interface FindingKey {
  readonly rowIndex: number;
  readonly ordinal: number;
  readonly version?: number;
  readonly value?: string;
}

/** A record that somebody names. */
export interface RecordKey {
  readonly rowIndex: number;
  readonly version?: number;
}

/** A decision, on findings or on records as wholes; exactly one way to name them is given. */
export interface Decision {
  readonly batchId: string;
  readonly verdict: Verdict;
  readonly of:
    | { readonly findings: readonly FindingKey[] }
    | { readonly records: readonly RecordKey[] }
    | { readonly filter: ReviewFilter; readonly what: 'findings' | 'records' };
  readonly comment?: string;
  /** Of a waiver. */
  readonly reason?: string;
  /** Of a waiver. */
  readonly expiresAt?: string;
  /** When accepting by filter: suggestions that are likely too. */
  readonly includeLikely?: true;
  readonly dryRun: boolean;
}

const resultSchema = z.object({
  decisionId: z.string().nullable(),
  decidedCount: z.number(),
  skipped: z.array(z.object({ reason: z.string(), message: z.string(), count: z.number() })),
});

/** What came of a decision. */
export type DecisionResult = z.infer<typeof resultSchema>;

/** Takes a decision, or tries what it would come to. */
export function decide(
  gateway: GatewayClient,
  { batchId, verdict, of, ...terms }: Decision,
): Promise<DecisionResult> {
  const { mutation, ofRecords } = VERDICTS[verdict];
  const given = { batchId, ...terms };
  if ('records' in of || ('filter' in of && of.what === 'records')) {
    if (ofRecords === null) throw new CliError('Records are not waived; their findings are.');
    const which = 'records' in of ? { records: of.records } : { filter: of.filter };
    return sendDecision(gateway, 'decideRecords', { ...given, ...which, decision: ofRecords });
  }
  const which = 'findings' in of ? { findings: of.findings } : { filter: of.filter };
  return sendDecision(gateway, mutation, { ...given, ...which });
}

type Mutation =
  | (typeof VERDICTS)[Verdict]['mutation']
  | 'decideRecords'
  | 'mergeDuplicates'
  | 'markNotDuplicates';

/** Sends a decision of whichever kind. */
export async function sendDecision(
  gateway: GatewayClient,
  mutation: Mutation,
  input: object,
): Promise<DecisionResult> {
  const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;
  const document = /* GraphQL */ `
    mutation Decide($input: ${type}!) {
      result: ${mutation}(input: $input) {
        decisionId decidedCount skipped { reason message count }
      }
    }
  `;
  return (await gateway.query(document, { input }, z.object({ result: resultSchema }))).result;
}

/** Prints what came of a decision; as JSON, always with the same parts. */
export function printDecision(
  result: DecisionResult,
  { json, dryRun = false }: { readonly json: boolean; readonly dryRun?: boolean },
  toSentence: (decidedCount: number) => string,
): void {
  const { decisionId, decidedCount, skipped } = result;
  if (json) {
    printResult(JSON.stringify({ dryRun, decisionId, decidedCount, skipped }));
    return;
  }
  printResult(toSentence(decidedCount));
  for (const { message, count } of skipped) printNote(`${count} skipped: ${message}`);
}

/** A number of things, such as "1 finding". */
export function countOf(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}

/**
 * Reads `ROW:ORDINAL`, or `ROW:ORDINAL=VALUE` for an edited value; an empty one means none at all.
 *
 * @throws CliError for anything else
 */
export function parseFindingKey(text: string): FindingKey {
  const [, rowIndex, ordinal, version, edit] =
    /^(\d{1,9}):(\d{1,9})(@\d{1,9})?(=.*)?$/s.exec(text) ?? [];
  if (rowIndex === undefined || ordinal === undefined) {
    throw new CliError(
      `--finding: "${text}" is no finding. Write ROW:ORDINAL, with @VERSION for the version that you see, and =VALUE to accept another value.`,
    );
  }
  return {
    rowIndex: Number(rowIndex),
    ordinal: Number(ordinal),
    ...(version === undefined ? {} : { version: Number(version.slice(1)) }),
    ...(edit === undefined ? {} : { value: edit.slice(1) }),
  };
}

/** @throws CliError for what is no record */
export function parseRecordKey(text: string): RecordKey {
  const [, rowIndex, version] = /^(\d{1,9})(@\d{1,9})?$/.exec(text) ?? [];
  if (rowIndex === undefined) {
    throw new CliError(
      `--row: "${text}" is no row: rows are numbered from 0. @VERSION may follow, the version that you see.`,
    );
  }
  return {
    rowIndex: Number(rowIndex),
    ...(version === undefined ? {} : { version: Number(version.slice(1)) }),
  };
}
