import { runService } from '../../platform/http/runService.ts';
import { createIdentityRuntime } from './identityRuntime.ts';
import { startAuditScheduleWorker } from './jobs/auditScheduleWorker.ts';
import { startReconcileLoop } from './jobs/reconcileLoop.ts';
import { startRetentionLoop } from './jobs/retentionLoop.ts';
import { startStagedBatchWorker } from './jobs/stagedBatchWorker.ts';

await runService('worker', async (config, logger) => {
  const runtime = createIdentityRuntime(config, logger);
  // Not waited for until it is ready: the queue may be away, and it may come back at any time.
  const worker = startStagedBatchWorker(runtime.queueBackend, runtime.processing, {
    concurrency: config.workerConcurrency,
    logger,
  });
  const scheduleWorker = startAuditScheduleWorker(
    runtime.queueBackend,
    runtime.scheduleRunner,
    logger,
  );
  const { reconciliation, scheduleReconciler } = runtime;
  const reconcileLoop = startReconcileLoop(
    [reconciliation.reconcile, scheduleReconciler.reconcileSchedules],
    logger,
  );
  const retentionLoop = startRetentionLoop(runtime.retention, logger);
  return {
    async stop() {
      runtime.processing.stop();
      await Promise.all([
        retentionLoop.stop(),
        reconcileLoop.stop(),
        worker.close(),
        scheduleWorker.close(),
      ]);
      await runtime.close();
    },
  };
});
