import { execFileSync, spawn } from 'node:child_process';
import { basename, parse } from 'node:path';

/** The system account the server runs as; PostgreSQL refuses to run as root. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** Runs a program and gives what it printed; rejects with that when it fails. */
export type Run = (file: string, args: readonly string[]) => Promise<string>;

const serviceAccountNames = ['postgres', 'nobody'];

/**
 * The account that serves when this process is root's.
 *
 * @throws Error when the system has none of the usual ones
 */
export function findServiceAccount(): Account {
  for (const name of serviceAccountNames) {
    const account = lookUpAccount(name);
    if (account) return account;
  }
  throw new Error(
    `PostgreSQL does not run as root, and there is no account ${serviceAccountNames.join(' or ')} to run it as: start as an ordinary user, or set DATABASE_URL and ENROLLMENT_DATABASE_URL.`,
  );
}

function lookUpAccount(name: string): Account | undefined {
  const id = (option: '-u' | '-g'): number =>
    Number(execFileSync('id', [option, name], { encoding: 'utf8', stdio: 'pipe' }));
  try {
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    return undefined;
  }
}

/**
 * Runs programs as `account`, or as this process' own user where it is undefined. They run in a
 * session of their own, so that a Ctrl-C in the terminal does not tear down a server that others
 * still use, and see none of this process' environment: it may hold secrets, or `PG…` variables
 * that change what they do.
 */
export function runAs(account: Account | undefined): Run {
  return (file, args) =>
    new Promise((resolve, reject) => {
      const child = spawn(file, args, {
        ...account,
        cwd: parse(process.cwd()).root,
        env: { PATH: process.env.PATH, SystemRoot: process.env.SystemRoot, LC_ALL: 'C' },
        detached: process.platform !== 'win32',
        windowsHide: true,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let output = '';
      const collect = (chunk: Buffer): void => {
        output += chunk.toString();
      };
      child.stdout.on('data', collect);
      child.stderr.on('data', collect);
      child.on('error', reject);
      child.on('close', (code) => {
        if (code === 0) resolve(output);
        else reject(new Error(`${basename(file)} failed: ${output.trim() || `exit code ${code}`}`));
      });
    });
}

/** Whether a program runs and succeeds. */
export async function succeeds(run: Promise<string>): Promise<boolean> {
  return run.then(
    () => true,
    () => false,
  );
}
