import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { ClientBase } from 'pg';
import { copyChunks } from '../../../../platform/postgres/copy.ts';
import { SMALL_HEAP_FLAGS } from '../../../../platform/smallHeap.ts';
import { BatchLeft } from '../staging/batchRun.ts';
import { StepFailure } from '../staging/batchSteps.ts';
import { logRuleFailure } from '../staging/processRange.ts';
import { findStagedBatch, type StagedBatch } from '../staging/stagedBatch.ts';
import type { DuplicateSearch } from './duplicateSearch.ts';
import type { MatchingEnvironment } from './matchDuplicates.ts';
import { type MatchingMessage, matchingMessageSchema, received } from './matchingMessage.ts';
import { duplicateFindings, type SearchFound } from './searchDuplicates.ts';

const SCRIPT = join(import.meta.dirname, 'matchingProcess.ts');

/** How often it is asked whether the batch still wants the findings. */
const ASK_MS = 500;

/**
 * Searches an audit for duplicates in a process of its own, and copies what it finds in as it comes.
 * The process ends with its batch, with its worker, and when the worker is told to stop.
 *
 * @throws BatchLeft where the batch was ended meanwhile; StepFailure where the process died; what the
 *   process threw
 */
export async function runMatchingProcess(
  client: ClientBase,
  batch: StagedBatch,
  search: DuplicateSearch,
  { logger, connectionString, stopping }: MatchingEnvironment,
): Promise<SearchFound> {
  stopping.throwIfAborted();
  const child = fork(SCRIPT, [JSON.stringify(search)], {
    execArgv: [...SMALL_HEAP_FLAGS],
    env: { ...process.env, DATABASE_URL: connectionString },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const ended = untilEnded(child);
  // When a process exits, Node throws away what it has written and nobody was reading.
  const rows = child.stdout?.pipe(new PassThrough()) ?? Readable.from([]);
  const stop = (): void => void child.kill('SIGKILL');
  stopping.addEventListener('abort', stop);
  try {
    await untilFindingsCome(rows, ended, () => isWanted(client, batch, search));
    const copied = await copyChunks(client, duplicateFindings(search), rows);
    const message = await ended;
    if ('error' in message) throw received(message.error);
    const { findingCount } = message.found;
    if (copied !== findingCount) {
      throw new StepFailure(`${copied} of the ${findingCount} duplicates found came through`);
    }
    const onFailure = logRuleFailure(logger, batch.id);
    for (const { error, ...record } of message.failures) {
      onFailure(search.ruleId, record, received(error));
    }
    return message.found;
  } finally {
    stopping.removeEventListener('abort', stop);
    stop();
    child.stdout?.destroy();
    rows.destroy();
    await ended.catch(() => {});
  }
}

/** Comparing takes long: who cancels the batch meanwhile should not have to wait for its end. */
async function untilFindingsCome(
  rows: Readable,
  ended: Promise<unknown>,
  isWanted: () => Promise<boolean>,
): Promise<void> {
  let areThere = false;
  const come = (): void => {
    areThere = true;
  };
  const coming = Promise.race([once(rows, 'readable'), ended]).then(come, come);
  for (;;) {
    await Promise.race([coming, delay(ASK_MS, undefined, { ref: false })]);
    if (areThere) return;
    if (!(await isWanted())) throw new BatchLeft();
  }
}

/** Who tries something out stops it when nobody waits any more: what the batch does is nothing to it. */
async function isWanted(
  client: ClientBase,
  { id, status }: StagedBatch,
  { trial }: DuplicateSearch,
): Promise<boolean> {
  return trial !== undefined || (await findStagedBatch(client, id))?.status === status;
}

/** @returns what the process has told when it ended */
async function untilEnded(child: ChildProcess): Promise<MatchingMessage> {
  let message: MatchingMessage | undefined;
  child.on('message', (sent) => {
    message = matchingMessageSchema.parse(sent);
  });
  const [code, signal] = await once(child, 'close');
  if (message !== undefined) return message;
  throw new StepFailure(
    `the process that looks for duplicates ended with ${signal ?? `code ${code}`}`,
  );
}
