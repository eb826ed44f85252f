/** Triggers audits as the subgraph does, when it is told to; tells the batch and how long it took. */
import { createIdentityRuntime } from '../src/domains/identity/identityRuntime.ts';
import { readConfig } from '../src/platform/config.ts';
import { createLogger } from '../src/platform/logger.ts';
import { answerRequests } from './childProcess.ts';
import { seconds } from './measure.ts';

const runtime = createIdentityRuntime(
  readConfig(),
  createLogger('bench staging', { logLevel: 'warn' }),
);
const [workspaceId = '', createdBy = ''] = process.argv.slice(2);

answerRequests({
  async trigger() {
    let batchId = '';
    const taken = await seconds(async () => {
      const { batch } = await runtime.auditRunner.triggerDataAudit({ workspaceId, createdBy });
      batchId = batch.id;
    });
    return { batchId, seconds: taken };
  },
});
