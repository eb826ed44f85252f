/**
 * A worker that works and rests when it is told to. One process does all rounds, as workers live
 * long: the first second of a process goes into compiling its code.
 */
import { createIdentityRuntime } from '../src/domains/identity/identityRuntime.ts';
import type { RunningWorker } from '../src/domains/identity/jobs/runningWorker.ts';
import { startStagedBatchWorker } from '../src/domains/identity/jobs/stagedBatchWorker.ts';
import { readConfig } from '../src/platform/config.ts';
import { createLogger } from '../src/platform/logger.ts';
import { answerRequests } from './childProcess.ts';

const config = readConfig();
const logger = createLogger('bench worker', { logLevel: 'warn' });
const runtime = createIdentityRuntime(config, logger);
const concurrency = config.workerConcurrency;
let worker: RunningWorker | undefined;

answerRequests({
  async work() {
    worker = startStagedBatchWorker(runtime.queueBackend, runtime.processing, {
      concurrency,
      logger,
    });
    await worker.waitUntilReady();
  },
  async rest() {
    await worker?.close();
  },
});
