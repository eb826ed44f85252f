import { z } from 'zod';
import type { BenchDatabase } from './benchDatabase.ts';
import { startProcess } from './childProcess.ts';

const stagedSchema = z.object({ batchId: z.string(), seconds: z.number() });

/** A subgraph's part of an audit, in a process of its own. */
export function startSubgraph({ connectionString, workspaceId, userId }: BenchDatabase) {
  const subgraph = startProcess('stage.ts', connectionString, [workspaceId, userId]);
  return {
    /** Triggers an audit; resolves when it is staged, with the seconds that took. */
    stageAudit: async () => stagedSchema.parse(await subgraph.ask('trigger')),
    peakRssMb: () => subgraph.peakRssMb,
    end: () => subgraph.end(),
  };
}

/** A worker, in a process of its own. */
export function startWorker({ connectionString }: BenchDatabase) {
  const worker = startProcess('worker.ts', connectionString);
  return {
    /** Resolves when jobs are taken from the queue. */
    work: () => worker.ask('work'),
    /** Resolves when no more are taken. */
    rest: () => worker.ask('rest'),
    peakRssMb: () => worker.peakRssMb,
    end: () => worker.end(),
  };
}
