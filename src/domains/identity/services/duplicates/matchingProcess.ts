/**
 * Searches an audit for duplicates in a process of its own, started by runMatchingProcess.ts. The
 * findings go to standard output, as rows of COPY's text format; what else is to be told is one
 * message to the parent.
 */
import { Worker } from 'node:worker_threads';
import pg from 'pg';
import type { OnRuleFailure } from '../staging/findings.ts';
import { type DuplicateSearch, duplicateSearchSchema } from './duplicateSearch.ts';
import { type MatchingMessage, type SentFailure, sendable } from './matchingMessage.ts';
import { searchDuplicates } from './searchDuplicates.ts';
import { searchIncoming } from './searchIncoming.ts';

/** Rows are written so many characters at a time. */
const CHUNK_CHARACTERS = 64 * 1024;

/** So many of the records on which the rule failed are told of, for the log. */
const MOST_FAILURES = 100;

// While records are compared nothing else runs in this thread, the end of the parent included.
new Worker(new URL('./endWithParent.ts', import.meta.url), { workerData: process.ppid }).unref();
process.on('disconnect', () => process.exit(1));

const search = duplicateSearchSchema.parse(JSON.parse(process.argv[2] ?? ''));
process.send?.(await run(search), () => process.exit(0));

async function run(search: DuplicateSearch): Promise<MatchingMessage> {
  const client = new pg.Client({
    connectionString: process.env.DATABASE_URL,
    application_name: `identity matching ${process.pid}`,
  });
  // Also the next query fails then, and says so.
  client.on('error', () => {});
  try {
    await client.connect();
    // Records are read more than once, and should be the same each time.
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const failures: SentFailure[] = [];
    const output = createOutput();
    const onFailure: OnRuleFailure = (_ruleId, { rowIndex, entityId, entityVersion }, error) => {
      if (failures.length === MOST_FAILURES) return;
      failures.push({ rowIndex, entityId, entityVersion, error: sendable(error) });
    };
    if (search.incoming) {
      const found = await searchIncoming(client, search, output.write);
      await output.flush();
      return { found, failures };
    }
    const found = await searchDuplicates(client, search, onFailure, output.write);
    await output.flush();
    const peakRssMb = process.resourceUsage().maxRSS / 1024;
    return { found: { ...found, details: { ...found.details, peakRssMb } }, failures };
  } catch (error) {
    return { error: sendable(error) };
  }
}

function createOutput() {
  let chunk = '';
  const flush = async (): Promise<void> => {
    const rows = chunk;
    chunk = '';
    await new Promise<void>((resolve) => process.stdout.write(rows, () => resolve()));
  };
  return {
    flush,
    async write(row: string): Promise<void> {
      chunk += row;
      if (chunk.length >= CHUNK_CHARACTERS) await flush();
    },
  };
}
