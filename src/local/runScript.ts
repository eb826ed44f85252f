import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { ServiceDefinition } from './serviceProcess.ts';

/**
 * Runs a script that ends by itself, in a process that ends with this one.
 *
 * @param signal - stops it
 * @throws Error with what it wrote to standard error when it fails
 */
export async function runScript(
  { name, script, environment }: ServiceDefinition,
  signal: AbortSignal,
): Promise<void> {
  const child = fork(script, {
    env: environment,
    execArgv: ['--import', join(import.meta.dirname, 'exitWithParent.ts')],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    signal,
  });
  let complaints = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    complaints += chunk.toString();
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${name} failed:\n${complaints.trim()}`);
}
