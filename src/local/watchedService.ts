import { watch } from 'node:fs';
import { runScript } from './runScript.ts';
import {
  type ServiceDefinition,
  type ServiceProcess,
  type ServiceSources,
  spawnService,
} from './serviceProcess.ts';

/** Editors, and switching branches, write several files at a time. */
const SETTLE_MS = 50;

/**
 * Spawns a service that starts anew whenever its sources change. One whose sources are broken goes
 * on as it was, or stays down, until they change again; what is wrong is shown.
 *
 * @param logFolder - as of {@link spawnService}
 */
export function spawnWatchedService(
  definition: ServiceDefinition,
  sources: ServiceSources,
  logFolder: string,
): ServiceProcess {
  const { name } = definition;
  const stopping = new AbortController();
  const showFailure = (error: unknown): void => {
    if (!stopping.signal.aborted) console.error(explain(name, error));
  };
  const firstReady = Promise.withResolvers<void>();
  const spawn = (): ServiceProcess => {
    const service = spawnService(definition, logFolder, showFailure);
    void service.ready.then(firstReady.resolve);
    return service;
  };

  let current = spawn();
  const restart = async (): Promise<void> => {
    if (sources.script) await runScript(sources.script, stopping.signal);
    stopping.signal.throwIfAborted();
    await current.stop();
    current = spawn();
    console.log(`${name}: started anew, since its sources have changed`);
  };
  const restarts = oneAtATime(() => restart().catch(showFailure));
  const watchers = sources.folders.map((folder) => watchFolder(folder, restarts.ask));
  return {
    name,
    ready: firstReady.promise,
    async stop() {
      stopping.abort();
      for (const watcher of watchers) watcher.close();
      await restarts.idle();
      await current.stop();
    },
    kill: () => current.kill(),
  };
}

/** Generated SDL is what comes of the sources, and is none of them. */
function watchFolder(folder: string, onChange: () => void): { readonly close: () => void } {
  let timer: NodeJS.Timeout | undefined;
  const watcher = watch(folder, { recursive: true }, (_event, file) => {
    if (!file?.endsWith('.ts')) return;
    clearTimeout(timer);
    timer = setTimeout(onChange, SETTLE_MS);
  });
  return {
    close: () => {
      clearTimeout(timer);
      watcher.close();
    },
  };
}

/** What is asked for several times while it is done, is done once more. */
function oneAtATime(act: () => Promise<void>) {
  let isAsked = false;
  let running: Promise<void> | undefined;
  const run = async (): Promise<void> => {
    while (isAsked) {
      isAsked = false;
      await act();
    }
    running = undefined;
  };
  return {
    ask: (): void => {
      isAsked = true;
      running ??= run();
    },
    idle: async (): Promise<void> => running,
  };
}

function explain(name: string, error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  return `${reason}\n${name}: waits for its sources to change`;
}
