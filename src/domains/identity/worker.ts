import { runService } from '../../platform/http/runService.ts';
import { createIdentityRuntime } from './identityRuntime.ts';
import { startReconcileLoop } from './jobs/reconcileLoop.ts';
import { startStagedBatchWorker } from './jobs/stagedBatchWorker.ts';

await runService('worker', async (config, logger) => {
  const runtime = createIdentityRuntime(config, logger);
  // Not waited for until it is ready: the queue may be away, and it may come back at any time.
  const worker = startStagedBatchWorker(runtime.queueBackend, runtime.processing, {
    concurrency: config.workerConcurrency,
    logger,
  });
  const reconcileLoop = startReconcileLoop(runtime.reconciliation, logger);
  return {
    async stop() {
      runtime.processing.stop();
      await Promise.all([reconcileLoop.stop(), worker.close()]);
      await runtime.close();
    },
  };
});
