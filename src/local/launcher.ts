import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Config, ConfigError } from '../platform/config.ts';
import { checkConnections } from './checkConnections.ts';
import { checkPorts } from './checkPorts.ts';
import { lockDataFolder } from './dataFolderLock.ts';
import { type LocalDatabases, startLocalDatabases } from './localDatabases.ts';
import {
  ServiceDeath,
  type ServiceDefinition,
  type ServiceProcess,
  spawnService,
} from './serviceProcess.ts';
import { onStopSignals, StopRequest } from './stopSignals.ts';
import { spawnWatchedService } from './watchedService.ts';

/** What a local supergraph consists of. */
export interface SupergraphPlan {
  /** Groups of services that start together, each once the one before it serves. */
  readonly services: (databases: LocalDatabases) => readonly (readonly ServiceDefinition[])[];
  /** Runs once when all services serve; should end soon after the signal aborts. */
  readonly whenUp: (running: RunningSupergraph, signal: AbortSignal) => Promise<void>;
}

export interface RunningSupergraph {
  readonly databases: LocalDatabases;
  readonly logFolder: string;
}

/** The longest that stopping may take before what is left is killed. */
const stopDeadlineMs = 20_000;

/**
 * Runs a supergraph until it is told to stop or a service dies, and stops what it started in the
 * opposite order, whatever happened in between.
 *
 * @returns the exit code: 0 when told to stop, 1 after a failure, which it has printed
 */
export async function runSupergraph(config: Config, plan: SupergraphPlan): Promise<0 | 1> {
  const interruption = new AbortController();
  const started: Started = { services: [], undo: [] };
  const kill = (): void => {
    for (const service of started.services) service.kill();
  };
  onStopSignals(() => interruption.abort(new StopRequest()), kill);

  let failure: unknown;
  try {
    await bringUp(config, plan, started, interruption);
    await interrupted(interruption.signal);
  } catch (error) {
    failure = error;
  }
  if (failure instanceof StopRequest) console.log('Stopping …');
  else reportFailure(failure);
  const deadline = setTimeout(kill, stopDeadlineMs);
  const isStopped = await undoAll(started);
  clearTimeout(deadline);
  return failure instanceof StopRequest && isStopped ? 0 : 1;
}

/** One that fails keeps none of the others from being undone. */
async function undoAll({ undo }: Started): Promise<boolean> {
  let isUndone = true;
  for (const step of undo.reverse()) {
    await step().catch((error: unknown) => {
      isUndone = false;
      reportFailure(error);
    });
  }
  return isUndone;
}

interface Started {
  readonly services: ServiceProcess[];
  /** In the order in which things were started. */
  readonly undo: (() => Promise<unknown>)[];
}

async function bringUp(
  config: Config,
  plan: SupergraphPlan,
  started: Started,
  interruption: AbortController,
): Promise<void> {
  const { signal } = interruption;
  started.undo.push(await lockDataFolder(config));
  await checkPorts(config);
  await checkConnections(config);
  console.log('Starting the databases and the services …');
  const databases = await startLocalDatabases(config);
  started.undo.push(databases.stop);
  signal.throwIfAborted();

  const logFolder = join(config.dataDir, 'logs');
  await mkdir(logFolder, { recursive: true });
  for (const group of plan.services(databases)) {
    const services = group.map((definition) =>
      definition.sources
        ? spawnWatchedService(definition, definition.sources, logFolder)
        : spawnService(definition, logFolder, (error) => interruption.abort(error)),
    );
    started.services.push(...services);
    started.undo.push(() => Promise.all(services.map((service) => service.stop())));
    const ready = Promise.all(services.map((service) => service.ready));
    await Promise.race([ready, interrupted(signal)]);
  }
  await Promise.race([plan.whenUp({ databases, logFolder }, signal), interrupted(signal)]);
}

/** @throws the reason, when the signal aborts */
function interrupted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

/** A message says enough where the user can mend the matter, or has a log; a defect's stack is wanted. */
function reportFailure(failure: unknown): void {
  const isExplained = failure instanceof ConfigError || failure instanceof ServiceDeath;
  console.error(isExplained ? failure.message : failure);
}
