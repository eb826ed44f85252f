import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** A service that runs as a process of its own and says `{ type: 'ready' }` once it serves. */
export interface ServiceDefinition {
  readonly name: string;
  /** Absolute path of the script that runs it. */
  readonly script: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Flags of Node. */
  readonly flags?: readonly string[];
  /** Whether it speaks to the user: on the terminal instead of in a log. */
  readonly onTerminal?: boolean;
  /** Where it is to start anew whenever these change. */
  readonly sources?: ServiceSources;
}

/** What a service is made of. */
export interface ServiceSources {
  /** Absolute paths. */
  readonly folders: readonly string[];
  /** Runs to its end first, such as to write the SDL; where it fails, the service goes on as it was. */
  readonly script?: ServiceDefinition;
}

/** A service ended that nobody had stopped. */
export class ServiceDeath extends Error {
  override readonly name = 'ServiceDeath';
}

export interface ServiceProcess {
  readonly name: string;
  /** Resolves when the service serves; never where it dies before. */
  readonly ready: Promise<void>;
  /** Lets it finish what is in flight; resolves when it is gone. */
  stop(): Promise<void>;
  kill(): void;
}

const readyMessage = z.object({ type: z.literal('ready') });
const shownLogLines = 20;

/**
 * Spawns a service in a session of its own, so that Ctrl-C reaches the launcher alone, which then
 * stops the services in order. A launcher that is killed takes them along: their IPC channel ends.
 *
 * @param logFolder - gets `<name>.log`, new at every start; empty where it speaks on the terminal
 * @param onDeath - called with the last lines of the log when it ends without having been stopped
 */
export function spawnService(
  { name, script, environment, flags = [], onTerminal = false }: ServiceDefinition,
  logFolder: string,
  onDeath: (error: Error) => void,
): ServiceProcess {
  const logPath = join(logFolder, `${name}.log`);
  const log = openSync(logPath, 'w');
  const output = onTerminal ? 'inherit' : log;
  const child = spawn(process.execPath, [...flags, script], {
    env: environment,
    detached: process.platform !== 'win32',
    windowsHide: true,
    stdio: ['ignore', output, output, 'ipc'],
  });
  closeSync(log);

  let isStopping = false;
  const gone = new Promise<void>((resolve) => {
    child.once('exit', (code, signal) => {
      resolve();
      if (!isStopping)
        void describeDeath(name, signal ?? `exit code ${code}`, logPath).then(onDeath);
    });
    child.once('error', (error) => {
      resolve();
      onDeath(error);
    });
  });
  const ready = new Promise<void>((resolve) => {
    child.on('message', (message) => {
      if (readyMessage.safeParse(message).success) resolve();
    });
  });
  return {
    name,
    ready,
    stop: () => {
      isStopping = true;
      child.kill('SIGTERM');
      return gone;
    },
    kill: () => child.kill('SIGKILL'),
  };
}

async function describeDeath(name: string, how: string, logPath: string): Promise<ServiceDeath> {
  const log = (await readFile(logPath, 'utf8')).trimEnd();
  const lines = log.split('\n').slice(-shownLogLines).join('\n');
  const hint = log === '' ? '' : ` Last lines of ${logPath}:\n${lines}`;
  return new ServiceDeath(`The ${name} service ended (${how}).${hint}`);
}
