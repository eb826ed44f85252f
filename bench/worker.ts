/** A worker that tells the benchmark its peak memory when asked. */
import { createIdentityRuntime } from '../src/domains/identity/identityRuntime.ts';
import { startStagedBatchWorker } from '../src/domains/identity/jobs/stagedBatchWorker.ts';
import { readConfig } from '../src/platform/config.ts';
import { growHeapSlowly } from '../src/platform/heap.ts';
import { createLogger } from '../src/platform/logger.ts';

growHeapSlowly();
const config = readConfig();
const logger = createLogger('bench worker', { logLevel: 'warn' });
const runtime = createIdentityRuntime(config, logger);
const worker = startStagedBatchWorker(runtime.queueBackend, runtime.processing, {
  concurrency: config.workerConcurrency,
  logger,
});
await worker.waitUntilReady();
process.on('message', () => {
  process.send?.({ peakRssMb: process.resourceUsage().maxRSS / 1024 });
});
process.on('disconnect', () => process.exit(0));
process.send?.({ ready: true });
