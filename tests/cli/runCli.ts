import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Without it every process strips types anew, which takes it half of its time. */
const COMPILE_CACHE = join(tmpdir(), `identity-cli-compiled-${process.getuid?.() ?? 0}`);

const SCRIPT = join(import.meta.dirname, '../../src/cli/main.ts');

export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line as a process of its own. */
export function runCli(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<CommandResult> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [SCRIPT, ...args],
      {
        env: { ...process.env, NODE_COMPILE_CACHE: COMPILE_CACHE, ...environment },
        maxBuffer: 64 * 1024 * 1024,
      },
      (_error, stdout, stderr) => resolve({ exitCode: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}
