import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import type {
  MigrationList,
  SchemaEngine,
  SchemaFilter,
  SchemasContainer,
} from '@prisma/schema-engine-wasm';
import pg from 'pg';

/** The part of the WebAssembly API that is used; TypeScript has it only in its browser library. */
declare const WebAssembly: {
  instantiate(
    bytes: Uint8Array,
    imports: Record<string, unknown>,
  ): Promise<{ instance: { exports: Record<string, unknown> } }>;
};

const require = createRequire(import.meta.url);

/**
 * Sends a migration to the server as it stands. The adapter cuts scripts at every semicolon, also
 * within comments, strings and function bodies.
 */
class MigrationAdapterFactory extends PrismaPg {
  override async connect(): ReturnType<PrismaPg['connect']> {
    const adapter = await super.connect();
    adapter.executeScript = async (script) => {
      await adapter.underlyingDriver().query(script);
    };
    return adapter;
  }
}

const manageEverything: SchemaFilter = { externalTables: [], externalEnums: [] };

async function instantiateGlue() {
  // The package's own entry imports the .wasm file as a module, which Node does not support yet.
  const gluePath = require.resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const glue = await import(gluePath);
  const bytes = await readFile(gluePath.replace(/\.js$/, '.wasm'));
  const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': glue });
  glue.__wbg_set_wasm(instance.exports);
  (instance.exports.__wbindgen_start as () => void)();
  return glue;
}

let loadedGlue: ReturnType<typeof instantiateGlue> | undefined;

/** Once per process: the glue code holds the memory of one instance, a second one corrupts it. */
function loadGlue(): ReturnType<typeof instantiateGlue> {
  loadedGlue ??= instantiateGlue();
  return loadedGlue;
}

/**
 * Prisma's schema engine as WebAssembly, talking to the database through the driver adapter. The
 * native engine is a download that locked-down machines refuse; this one comes from npm and writes
 * the same checksummed `_prisma_migrations` rows.
 */
async function withSchemaEngine<T>(
  connectionString: string,
  schema: SchemasContainer,
  use: (engine: SchemaEngine) => Promise<T>,
): Promise<T> {
  const glue = await loadGlue();
  const datamodels = schema.files.map(({ path, content }): [string, string] => [path, content]);
  const pool = new pg.Pool({ connectionString });
  const adapterFactory = bindMigrationAwareSqlAdapterFactory(new MigrationAdapterFactory(pool));
  try {
    const engine: SchemaEngine = await glue.SchemaEngine.new(
      { datamodels },
      () => {},
      adapterFactory,
    );
    return await use(engine).finally(() => engine.free());
  } finally {
    await pool.end();
  }
}

async function readSchema(prismaDirectory: string): Promise<SchemasContainer> {
  const path = join(prismaDirectory, 'schema.prisma');
  return { files: [{ path, content: await readFile(path, 'utf8') }] };
}

async function readMigrations(prismaDirectory: string): Promise<MigrationList> {
  const baseDir = join(prismaDirectory, 'migrations');
  const names = (await readdir(baseDir, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  const migrationDirectories = await Promise.all(
    names.map(async (name) => ({
      path: name,
      migrationFile: {
        path: 'migration.sql',
        content: {
          tag: 'ok' as const,
          value: await readFile(join(baseDir, name, 'migration.sql'), 'utf8'),
        },
      },
    })),
  );
  return {
    baseDir,
    lockfile: {
      path: 'migration_lock.toml',
      content: await readFile(join(baseDir, 'migration_lock.toml'), 'utf8'),
    },
    shadowDbInitScript: '',
    migrationDirectories,
  };
}

/**
 * Applies the migrations below `prismaDirectory` that the database does not have yet.
 *
 * @param connectionString - PostgreSQL URL of an existing database
 * @param prismaDirectory - absolute path of a folder with `schema.prisma` and `migrations/`
 * @returns names of the migrations that were applied; empty when the database is up to date
 * @throws the engine's error when a migration fails; the database then names it as failed
 */
export async function applyMigrations(
  connectionString: string,
  prismaDirectory: string,
): Promise<readonly string[]> {
  const schema = await readSchema(prismaDirectory);
  const migrationsList = await readMigrations(prismaDirectory);
  return withSchemaEngine(connectionString, schema, async (engine) => {
    const { appliedMigrationNames } = await engine.applyMigrations({
      migrationsList,
      filters: manageEverything,
    });
    return appliedMigrationNames;
  });
}

/**
 * Says in SQL what leads from one `schema.prisma` to another. Schemas are compared with each other
 * and not with a database, because the WebAssembly engine can't introspect one through `pg` (it
 * fails on PostgreSQL's internal type `"char"`).
 *
 * @param connectionString - any PostgreSQL database; the engine insists on one and reads nothing
 * @param previous - text of the schema that the existing migrations produce, or null for none
 * @param next - text of the schema to arrive at
 * @returns the SQL script; Prisma's comment "This is an empty migration." when nothing differs
 */
export async function diffSchemas(
  connectionString: string,
  previous: string | null,
  next: string,
): Promise<string> {
  const container = (content: string): SchemasContainer => ({
    files: [{ path: 'schema.prisma', content }],
  });
  return withSchemaEngine(connectionString, container(next), async (engine) => {
    const { stdout } = await engine.diff({
      from:
        previous === null ? { tag: 'empty' } : { tag: 'schemaDatamodel', ...container(previous) },
      to: { tag: 'schemaDatamodel', ...container(next) },
      script: true,
      exitCode: null,
      filters: manageEverything,
    });
    return stdout ?? '';
  });
}
