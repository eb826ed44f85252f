import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { ConfigError } from '../../platform/config.ts';

const { resolve } = createRequire(import.meta.url);

/** What rover looks for by file name in `$APOLLO_HOME/.rover/bin`. */
export type RoverPlugin = 'supergraph' | 'router';

/**
 * Starts the real rover, on this terminal. It uses Apollo's plugins where there is a key of GraphOS,
 * or the plugins are installed; the stand-ins of this folder otherwise, and then says so.
 *
 * @param plugins - that the command needs
 */
export function startRover(args: readonly string[], plugins: readonly RoverPlugin[]): ChildProcess {
  const standsIn = !hasOwnPlugins(plugins, process.env);
  if (standsIn && plugins.length > 0) {
    console.error(
      `Not Apollo's plugins, but this project's: ${plugins.map((plugin) => STAND_INS[plugin]).join(', and ')} (docs/federation.md).`,
    );
  }
  return spawn(findRover(), args, {
    stdio: 'inherit',
    env: roverEnvironment(plugins),
  });
}

/** What rover must find in its environment to use what {@link startRover} says. */
export function roverEnvironment(
  plugins: readonly RoverPlugin[],
  environment: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv {
  const chosen = hasOwnPlugins(plugins, environment) ? {} : standInEnvironment(environment);
  return { ...environment, ...QUIET, ...chosen };
}

const STAND_INS: Readonly<Record<RoverPlugin, string>> = {
  supergraph: 'it composes with @theguild/federation-composition',
  router: 'its router is the gateway of src/gateway',
};

/** Backtraces of Rust are no help to who reads a composition error. */
const QUIET = { APOLLO_TELEMETRY_DISABLED: '1', RUST_BACKTRACE: '0' };

function standInEnvironment({ PATH = '' }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return {
    APOLLO_HOME: import.meta.dirname,
    // Otherwise it looks for newer ones on the network, for minutes where there is none.
    APOLLO_ROVER_SKIP_UPDATE: '1',
    // Rover asks for this before it runs any plugin. The stand-ins are under the MIT licence.
    APOLLO_ELV2_LICENSE: 'accept',
    // They run on the Node that this runs on.
    PATH: [dirname(process.execPath), PATH].join(delimiter),
  };
}

/** Whether rover finds, or gets by itself, what Apollo publishes. */
function hasOwnPlugins(plugins: readonly RoverPlugin[], environment: NodeJS.ProcessEnv): boolean {
  if (environment.APOLLO_KEY) return true;
  const folder = join(environment.APOLLO_HOME ?? homedir(), '.rover/bin');
  const installed = existsSync(folder) ? readdirSync(folder) : [];
  return plugins.every((plugin) => installed.some((name) => name.startsWith(`${plugin}-v`)));
}

/**
 * The native binary: the package `@apollo/rover` adds a script that has rover look for plugins in
 * `node_modules`, and its lockfile needs the binaries of systems that some registries lack.
 *
 * @throws {@link ConfigError} where there is none for this system
 */
export function findRover(): string {
  const { platform, arch } = process;
  const system = `@apollo/rover-${platform}-${arch}`;
  for (const name of [`${system}/rover`, `${system}-musl/rover`, `${system}/rover.exe`]) {
    try {
      return resolve(name);
    } catch {
      // Packages for other systems are not installed.
    }
  }
  throw new ConfigError(
    `There is no rover among the packages: npm install --no-save ${system}@0.41.0 adds it where there is one for this system.`,
  );
}
