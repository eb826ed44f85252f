import type { Command } from 'commander';
import { CliError } from '../cliError.ts';
import { collect } from '../collect.ts';
import { formatConflicts } from '../conflictTable.ts';
import { type FindingState, stateOption } from '../findingState.ts';
import { printNote, printResult } from '../output.ts';
import { jsonLines, printStream, tables } from '../printStream.ts';
import {
  countOf,
  type Decision,
  decide,
  parseFindingKey,
  parseRecordKey,
  printDecision,
  sendDecision,
  VERDICTS,
  type Verdict,
} from '../reviewDecision.ts';
import { addSelectionOptions, type FilterOptions, filterOf, selectionOf } from '../reviewFilter.ts';
import { readRecords } from '../reviewRows.ts';
import { formatRecords } from '../reviewTable.ts';
import { formatRulesToReview, readRulesToReview } from '../rulesToReview.ts';
import { openSession, type Session } from '../session.ts';

interface ReviewOptions extends FilterOptions, Partial<Record<Verdict, true>> {
  readonly notDuplicates?: readonly string[];
  readonly finding: readonly string[];
  readonly records?: true;
  readonly byRule?: true;
  readonly comment?: string;
  readonly reason?: string;
  readonly expires?: string;
  readonly includeLikely?: true;
  readonly dryRun?: true;
  readonly state?: FindingState;
}

export function addReviewCommand(program: Command): void {
  const command = program
    .command('review')
    .argument('<batch>', 'the staged batch')
    .option('--accept', 'accept findings: with the suggested values, or edited ones')
    .option('--reject', 'reject findings: their values stay')
    .option('--waive', 'say that values are fine as they are, for later audits too')
    .option('--reopen', 'take decisions back')
    .option('--not-duplicates <ids...>', 'say that no two of these entities are the same');
  addSelectionOptions(command, 'with a decision: all findings')
    .option('--finding <row:ordinal[=value]>', 'this finding; repeatable', collect, [])
    .option('--records', 'decide on records as wholes: of imports, and of entities to archive')
    .option('--comment <text>', 'what others should know about the decision')
    .option('--reason <text>', 'with --waive: why the values are fine')
    .option('--expires <time>', 'with --waive: until when, such as 2027-06-30; for good without it')
    .option('--include-likely', 'with --accept: also suggestions that are likely, not certain')
    .option('--dry-run', 'say what would be decided, and decide nothing')
    .option('--by-rule', 'list the rules that have something to review, the most to gain first')
    .addOption(stateOption())
    .description('list what needs review, or decide on it')
    .action(async (batchId: string, options: ReviewOptions, self: Command) => {
      const act = actOf(batchId, options);
      await act(await openSession(self));
    });
}

type Act = (session: Session) => Promise<void>;

/** @throws CliError where it is not plain what is to be done, so that nothing is by mistake */
function actOf(batchId: string, options: ReviewOptions): Act {
  if (options.byRule) return listingRules(batchId, options);
  const verdicts: readonly (Verdict | 'notDuplicates')[] = [
    ...(['accept', 'reject', 'waive', 'reopen'] as const),
    'notDuplicates',
  ];
  const [verdict, ...others] = verdicts.filter((candidate) => options[candidate]);
  if (others.length > 0) throw new CliError(`Say one of ${VERDICT_FLAGS}.`);
  if (verdict === undefined) return listing(batchId, options);
  if (options.state !== undefined) throw new CliError('--state only narrows the list.');
  if (verdict === 'notDuplicates') return markingNotDuplicates(batchId, options);
  return deciding(decisionOf(batchId, verdict, options));
}

const VERDICT_FLAGS = '--accept, --reject, --waive, --reopen and --not-duplicates';

function listingRules(batchId: string, { byRule: _, ...others }: ReviewOptions): Act {
  if (Object.values(others).flat().length > 0) {
    throw new CliError('--by-rule lists all rules, and goes with nothing else.');
  }
  return async ({ gateway, json }) => {
    const rules = await readRulesToReview(gateway, batchId);
    if (json) printResult(JSON.stringify(rules));
    else if (rules.length === 0) printNote('Nothing of the batch is to be reviewed.');
    else printResult(formatRulesToReview(rules));
  };
}

function listing(batchId: string, options: ReviewOptions): Act {
  const { all, finding, row, records, comment, reason, expires, includeLikely, dryRun } = options;
  const named = finding.length > 0 || row.length > 0;
  if (
    all ||
    named ||
    records ||
    includeLikely ||
    dryRun ||
    [comment, reason, expires].some(isGiven)
  ) {
    throw new CliError(`Say what to decide, by one of ${VERDICT_FLAGS}.`);
  }
  const { state } = options;
  const filter = { ...filterOf(options), ...(state === undefined ? {} : { state }) };
  return async ({ gateway, json }) => {
    const toTable = filter.recordStatus === 'CONFLICT' ? formatConflicts : formatRecords;
    const lines = json ? jsonLines : tables(toTable, 'Nothing of the batch is like that.');
    await printStream(readRecords(gateway, batchId, filter), lines);
  };
}

function isGiven(text: string | undefined): boolean {
  return text !== undefined;
}

function deciding(decision: Decision): Act {
  const { verdict, of, dryRun } = decision;
  const ofRecords = 'records' in of || ('filter' in of && of.what === 'records');
  const { done } = VERDICTS[verdict];
  return async ({ gateway, json }) =>
    printDecision(
      await decide(gateway, decision),
      { json, dryRun },
      (count) =>
        `${countOf(count, ofRecords ? 'record' : 'finding')} ${dryRun ? `would be ${done}` : done}.`,
    );
}

function markingNotDuplicates(batchId: string, options: ReviewOptions): Act {
  const { notDuplicates: entityIds = [], comment, ...others } = options;
  const rest = Object.values(others).flat();
  if (rest.length > 0) {
    throw new CliError('--not-duplicates names entities itself: only --comment goes with it.');
  }
  const input = { batchId, entityIds, ...(comment === undefined ? {} : { comment }) };
  return async ({ gateway, json }) =>
    printDecision(
      await sendDecision(gateway, 'markNotDuplicates', input),
      { json },
      (count) =>
        `${entityIds.length} entities are remembered as different ones. ${countOf(count, 'finding')} rejected.`,
    );
}

/** @throws CliError where it is not plain what is decided on */
function decisionOf(batchId: string, verdict: Verdict, options: ReviewOptions): Decision {
  const { comment, dryRun, finding, row, records, includeLikely } = options;
  if ((records === true ? finding : row).length > 0) {
    throw new CliError('--row goes with --records, and --finding without it.');
  }
  const filter =
    records === true
      ? selectionOf(options, '--row', row)
      : selectionOf(options, '--finding', finding);
  if (includeLikely && (verdict !== 'accept' || filter === null || records)) {
    throw new CliError('--include-likely goes with --accept, where findings are not named.');
  }
  return {
    batchId,
    verdict,
    of: filter === null ? namedIn(options) : { filter, what: records ? 'records' : 'findings' },
    ...(comment === undefined ? {} : { comment }),
    ...waiverTerms(verdict, options),
    ...(includeLikely ? { includeLikely } : {}),
    dryRun: dryRun ?? false,
  };
}

function namedIn({ finding, row, records }: ReviewOptions): Decision['of'] {
  return records === true
    ? { records: row.map(parseRecordKey) }
    : { findings: finding.map(parseFindingKey) };
}

function waiverTerms(
  verdict: Verdict,
  { reason, expires }: ReviewOptions,
): Pick<Decision, 'reason' | 'expiresAt'> {
  if (verdict !== 'waive') {
    if (reason === undefined && expires === undefined) return {};
    throw new CliError('--reason and --expires go with --waive alone.');
  }
  if (!reason?.trim()) {
    throw new CliError('--waive takes a --reason: say why the values are fine.');
  }
  return { reason, ...(expires === undefined ? {} : { expiresAt: parseTime(expires) }) };
}

/** A day is taken from its beginning, in UTC. */
function parseTime(text: string): string {
  const time = /^\d{4}-\d{2}-\d{2}(T.+)?$/.test(text) ? new Date(text) : new Date(Number.NaN);
  if (!Number.isNaN(time.getTime())) return time.toISOString();
  throw new CliError(`--expires: "${text}" is no time, such as 2027-06-30 or 2027-06-30T18:00Z.`);
}
