import { runService } from '../../platform/http/runService.ts';
import { createIdentityRuntime } from './identityRuntime.ts';
import { startStagedBatchWorker } from './jobs/stagedBatchWorker.ts';

await runService('worker', async (config, logger) => {
  const runtime = createIdentityRuntime(config, logger);
  const worker = startStagedBatchWorker(runtime.queue, runtime.processing, {
    concurrency: config.workerConcurrency,
    logger,
  });
  await worker.waitUntilReady();
  return {
    async stop() {
      await worker.close();
      await runtime.close();
    },
  };
});
