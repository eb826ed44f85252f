import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { z } from 'zod';

const readySchema = z.object({ ready: z.literal(true) });
const memorySchema = z.object({ peakRssMb: z.number() });
const stagedSchema = z.object({
  batchId: z.string(),
  seconds: z.number(),
  peakRssMb: z.number(),
});

function start(script: string, connectionString: string, args: readonly string[]): ChildProcess {
  return fork(join(import.meta.dirname, script), args, {
    env: { ...process.env, DATABASE_URL: connectionString, REDIS_URL: '' },
  });
}

/** A worker in a process of its own. */
export interface BenchWorker {
  /** @returns its peak memory in MB */
  stop(): Promise<number>;
}

export async function startWorker(connectionString: string): Promise<BenchWorker> {
  const child = start('worker.ts', connectionString, []);
  readySchema.parse((await once(child, 'message'))[0]);
  return {
    async stop() {
      child.send('memory');
      const { peakRssMb } = memorySchema.parse((await once(child, 'message'))[0]);
      child.disconnect();
      await once(child, 'exit');
      return peakRssMb;
    },
  };
}

/** Triggers an audit from a process of its own, as a subgraph does. */
export async function stageAudit(
  connectionString: string,
  workspaceId: string,
  userId: string,
): Promise<z.infer<typeof stagedSchema>> {
  const child = start('stage.ts', connectionString, [workspaceId, userId]);
  const [message] = await once(child, 'message');
  await once(child, 'exit');
  return stagedSchema.parse(message);
}
