import { basename, dirname, join, resolve } from 'node:path';
import type { Config } from '../platform/config.ts';
import { SMALL_HEAP_FLAGS } from '../platform/smallHeap.ts';
import type { LocalDatabases } from './localDatabases.ts';
import type { ServiceDefinition, ServiceSources } from './serviceProcess.ts';

/**
 * The services of the supergraph, in groups that start together; the gateway comes last, once those
 * it asks are there. Each sees the database of its own domain only.
 */
export function describeServices(
  config: Config,
  databases: LocalDatabases,
): readonly (readonly ServiceDefinition[])[] {
  const enrollment = { ENROLLMENT_DATABASE_URL: databases.enrollmentUrl };
  return [
    [
      {
        ...describe(
          'identity',
          'domains/identity/server.ts',
          config,
          identityEnvironment(databases),
        ),
        flags: SMALL_HEAP_FLAGS,
      },
      {
        ...describe('worker', 'domains/identity/worker.ts', config, identityEnvironment(databases)),
        flags: SMALL_HEAP_FLAGS,
      },
      describe('enrollment', 'domains/enrollment/server.ts', config, enrollment),
    ],
    [describe('gateway', 'gateway/server.ts', config, {})],
  ];
}

/**
 * The same, for who works on them: each starts anew when its sources change, subgraphs once their
 * SDL is written. Rover is the gateway's launcher, and composes anew when an SDL changes.
 */
export function describeWatchedServices(
  config: Config,
  databases: LocalDatabases,
): readonly (readonly ServiceDefinition[])[] {
  const [subgraphs = []] = describeServices(config, databases);
  const gateway = describe('gateway', 'gateway/roverPlugins/dev.ts', config, {});
  return [
    subgraphs.map((service) => ({ ...service, sources: sourcesOf(service, config) })),
    [{ ...gateway, onTerminal: true }],
  ];
}

/** The script of a service lies in the folder of its domain. */
function sourcesOf({ name, script }: ServiceDefinition, config: Config): ServiceSources {
  const domain = dirname(script);
  const folders = [domain, join(import.meta.dirname, '../platform')];
  const writeSdl = join(domain, 'graphql/writeSdl.ts');
  // The worker serves no schema.
  if (basename(script) !== 'server.ts') return { folders };
  return { folders, script: describe(`The SDL of ${name}`, writeSdl, config, {}) };
}

/** The script that fills the demo workspace; it ends by itself. */
export function describeDemoSeed(config: Config, databases: LocalDatabases): ServiceDefinition {
  const environment = identityEnvironment(databases);
  return describe('seedDemo', 'domains/identity/seedDemo.ts', config, environment);
}

function identityEnvironment({ identityUrl }: LocalDatabases): NodeJS.ProcessEnv {
  return { DATABASE_URL: identityUrl };
}

function describe(
  name: string,
  script: string,
  { dataDir }: Config,
  databaseUrl: NodeJS.ProcessEnv,
): ServiceDefinition {
  return {
    name,
    script: resolve(import.meta.dirname, '..', script),
    environment: {
      ...process.env,
      DATABASE_URL: undefined,
      ENROLLMENT_DATABASE_URL: undefined,
      DATA_DIR: dataDir,
      // Without it every process strips types anew, which costs it 20 MB and a third of its start.
      NODE_COMPILE_CACHE: join(dataDir, 'compileCache'),
      ...databaseUrl,
    },
  };
}
