import { runService } from '../../platform/http/runService.ts';
import { createIdentityRuntime } from './identityRuntime.ts';
import { startReconcileLoop } from './jobs/reconcileLoop.ts';
import { startStagedBatchWorker } from './jobs/stagedBatchWorker.ts';

await runService('worker', async (config, logger) => {
  const runtime = createIdentityRuntime(config, logger);
  const worker = startStagedBatchWorker(runtime.queueBackend, runtime.processing, {
    concurrency: config.workerConcurrency,
    logger,
  });
  const reconcileLoop = startReconcileLoop(runtime.reconciliation, logger);
  await worker.waitUntilReady();
  return {
    async stop() {
      await reconcileLoop.stop();
      await worker.close();
      await runtime.close();
    },
  };
});
