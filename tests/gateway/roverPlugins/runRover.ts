import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findRover, roverEnvironment } from '../../../src/gateway/roverPlugins/roverProcess.ts';

export interface RoverRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the real rover as somebody who has no account, and nothing of Apollo's installed. */
export async function composeWithRover(
  configFile: string,
  home: string,
  args: readonly string[] = [],
): Promise<RoverRun> {
  const environment = roverEnvironment(['supergraph'], withoutAccount(home));
  const command = ['supergraph', 'compose', '--config', configFile, ...args];
  try {
    const output = await promisify(execFile)(findRover(), command, { env: environment });
    return { exitCode: 0, ...output };
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && 'stdout' in error && 'stderr' in error)) {
      throw error;
    }
    const { code, stdout, stderr } = error;
    return { exitCode: Number(code), stdout: String(stdout), stderr: String(stderr) };
  }
}

/** An environment in which rover finds neither a key nor plugins. */
export function withoutAccount(home: string): NodeJS.ProcessEnv {
  return { ...process.env, APOLLO_KEY: undefined, APOLLO_HOME: home, HOME: home };
}
