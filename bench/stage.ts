/** Triggers one audit as the subgraph does, and tells how long staging took and its peak memory. */
import { createIdentityRuntime } from '../src/domains/identity/identityRuntime.ts';
import { readConfig } from '../src/platform/config.ts';
import { createLogger } from '../src/platform/logger.ts';
import { seconds } from './measure.ts';

const runtime = createIdentityRuntime(
  readConfig(),
  createLogger('bench staging', { logLevel: 'warn' }),
);
const [workspaceId = '', createdBy = ''] = process.argv.slice(2);
let batchId = '';
const taken = await seconds(async () => {
  const { batch } = await runtime.auditRunner.triggerDataAudit({ workspaceId, createdBy });
  batchId = batch.id;
});
process.send?.({
  batchId,
  seconds: taken,
  peakRssMb: process.resourceUsage().maxRSS / 1024,
});
await runtime.close();
process.disconnect();
