import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { flushCompileCache } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { SMALL_HEAP_FLAGS } from '../src/platform/smallHeap.ts';

const answerSchema = z.object({ result: z.unknown().optional(), peakRssMb: z.number() });

/** As `npm start` has it: the types of a process are stripped already. */
const NODE_COMPILE_CACHE = join(tmpdir(), 'identity-bench-compile-cache');

/** A process that is told what to do, one thing after the other. */
export interface BenchProcess {
  /** Asks for something that {@link answerRequests} was given, and returns its result. */
  ask(request: string): Promise<unknown>;
  /** The most memory that the process has had, in MB, as of the last answer. */
  readonly peakRssMb: number;
  end(): Promise<void>;
}

/** Starts a script of this folder as a process of its own. */
export function startProcess(
  script: 'worker.ts' | 'stage.ts' | 'serve.ts',
  connectionString: string,
  args: readonly string[] = [],
): BenchProcess {
  const child = fork(join(import.meta.dirname, script), args, {
    execArgv: [...SMALL_HEAP_FLAGS],
    env: { ...process.env, DATABASE_URL: connectionString, REDIS_URL: '', NODE_COMPILE_CACHE },
  });
  let peakRssMb = 0;
  return {
    async ask(request) {
      child.send(request);
      const answer = answerSchema.parse(await nextMessage(child));
      peakRssMb = answer.peakRssMb;
      return answer.result;
    },
    get peakRssMb() {
      return peakRssMb;
    },
    async end() {
      if (child.exitCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

async function nextMessage(child: ChildProcess): Promise<unknown> {
  const abort = new AbortController();
  const exit = once(child, 'exit', { signal: abort.signal }).then(([code]) => {
    throw new Error(`A process of the benchmark ended with ${code}.`);
  });
  try {
    const [message] = await Promise.race([once(child, 'message', { signal: abort.signal }), exit]);
    return message;
  } finally {
    exit.catch(() => {});
    abort.abort();
  }
}

/** In a process of {@link startProcess}: does what it is asked, and answers with what that returns. */
export function answerRequests(actions: Readonly<Record<string, () => Promise<unknown>>>): void {
  flushCompileCache();
  process.on('message', async (request) => {
    const result = await actions[String(request)]?.();
    process.send?.({ result, peakRssMb: process.resourceUsage().maxRSS / 1024 });
  });
}
