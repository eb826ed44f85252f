import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** A service of the identity domain, running as a process of its own. */
export interface ServiceProcess {
  readonly pid: number;
  /** Everything it has logged so far. */
  log(): string;
  /** Resolves when it is gone: to its exit code, or null where a signal ended it. */
  readonly exited: Promise<number | null>;
  /** Ends it without a warning, and waits until it is gone. */
  kill(): Promise<void>;
  /** Asks it to stop, and waits for its exit code. */
  stop(): Promise<number | null>;
}

/**
 * Starts a service and waits until it says that it is up.
 *
 * @param script - absolute path
 * @throws Error with its log when it ends before that
 */
export async function startService(
  script: string,
  environment: NodeJS.ProcessEnv,
  args: readonly string[] = [],
): Promise<ServiceProcess> {
  const child = spawn(process.execPath, [script, ...args], {
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => {
      log += chunk;
    });
  }
  const exited = once(child, 'close').then(([code]) => code);
  await Promise.race([
    once(child, 'message'),
    exited.then((code) => {
      throw new Error(`${script} ended with ${code} before it was up:\n${log}`);
    }),
  ]);
  const endWith = async (signal: NodeJS.Signals): Promise<number | null> => {
    child.kill(signal);
    return exited;
  };
  return {
    pid: child.pid ?? 0,
    log: () => log,
    exited,
    kill: async () => void (await endWith('SIGKILL')),
    stop: () => endWith('SIGTERM'),
  };
}
