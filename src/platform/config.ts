import { resolve } from 'node:path';
import { z } from 'zod';

const port = z.coerce.number().int().min(1).max(65535);
const postgresUrl = z.url({ protocol: /^postgres(ql)?$/ });
const atMost = (most: number) => z.coerce.number().int().min(1).max(most);

const environmentSchema = z
  .object({
    NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
    DATABASE_URL: postgresUrl.optional(),
    ENROLLMENT_DATABASE_URL: postgresUrl.optional(),
    REDIS_URL: z.url({ protocol: /^rediss?$/ }).optional(),
    DATA_DIR: z.string().min(1).default('.data'),
    GATEWAY_PORT: port.default(4000),
    IDENTITY_PORT: port.default(4001),
    ENROLLMENT_PORT: port.default(4002),
    JWKS_URL: z.url({ protocol: /^https?$/ }).optional(),
    JWT_ISSUER: z.string().min(1).optional(),
    JWT_AUDIENCE: z.string().min(1).optional(),
    LOG_LEVEL: z
      .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
      .default('info'),
    WORKER_CONCURRENCY: z.coerce.number().int().min(1).max(64).default(2),
    IMPORT_MAX_BYTES: atMost(2 ** 40).default(2 * 1024 ** 3),
    IMPORT_MAX_ROWS: atMost(2 ** 31 - 1).default(5_000_000),
    IMPORT_MAX_COLUMNS: atMost(10_000).default(1_000),
    IMPORT_MAX_ROW_CHARACTERS: atMost(10_000_000).default(1_000_000),
    IMPORT_MAX_INFLATION: atMost(1_000).default(200),
    IMPORT_MAX_API_ROWS: atMost(100_000).default(10_000),
  })
  .superRefine((environment, context) => {
    const required = (name: 'JWT_ISSUER' | 'JWT_AUDIENCE' | 'JWKS_URL', why: string): void => {
      if (environment[name] === undefined) {
        context.addIssue({ code: 'custom', path: [name], message: `is required ${why}` });
      }
    };
    if (environment.JWKS_URL !== undefined) {
      required('JWT_ISSUER', 'when JWKS_URL is set');
      required('JWT_AUDIENCE', 'when JWKS_URL is set');
    }
    if (environment.NODE_ENV === 'production') {
      required('JWKS_URL', 'in production: the development signing key is not accepted there');
    }
  });

type Environment = z.infer<typeof environmentSchema>;

/** How a service runs, as read from the environment. */
export interface Config {
  readonly production: boolean;
  readonly databaseUrl: string | undefined;
  readonly enrollmentDatabaseUrl: string | undefined;
  readonly redisUrl: string | undefined;
  /** Absolute path. */
  readonly dataDir: string;
  readonly gatewayPort: number;
  readonly identityPort: number;
  readonly enrollmentPort: number;
  /** Undefined where the local signing key serves development. */
  readonly jwks:
    | { readonly url: string; readonly issuer: string; readonly audience: string }
    | undefined;
  readonly logLevel: Environment['LOG_LEVEL'];
  /** How many jobs one worker process runs at a time. */
  readonly workerConcurrency: number;
  /** What one import may bring at the most. */
  readonly importLimits: {
    /** Of the file, inflated. */
    readonly bytes: number;
    readonly rows: number;
    readonly columns: number;
    readonly rowCharacters: number;
    /** How many times its size a gzip file of some size may inflate to. */
    readonly inflation: number;
    /** Of one call of the API. */
    readonly apiRows: number;
  };
}

/** An environment variable has a value that can't be used; the message names it and what is allowed. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Reads and validates the environment.
 *
 * @throws {@link ConfigError} naming every variable that is wrong
 */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = environmentSchema.safeParse(given);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      (issue) => `${issue.path.join('.')}: ${issue.message}`,
    );
    throw new ConfigError(`Environment variables are wrong. ${problems.join('; ')}`);
  }
  const value = parsed.data;
  return {
    production: value.NODE_ENV === 'production',
    databaseUrl: value.DATABASE_URL,
    enrollmentDatabaseUrl: value.ENROLLMENT_DATABASE_URL,
    redisUrl: value.REDIS_URL,
    dataDir: resolve(value.DATA_DIR),
    gatewayPort: value.GATEWAY_PORT,
    identityPort: value.IDENTITY_PORT,
    enrollmentPort: value.ENROLLMENT_PORT,
    jwks: readJwks(value),
    logLevel: value.LOG_LEVEL,
    workerConcurrency: value.WORKER_CONCURRENCY,
    importLimits: {
      bytes: value.IMPORT_MAX_BYTES,
      rows: value.IMPORT_MAX_ROWS,
      columns: value.IMPORT_MAX_COLUMNS,
      rowCharacters: value.IMPORT_MAX_ROW_CHARACTERS,
      inflation: value.IMPORT_MAX_INFLATION,
      apiRows: value.IMPORT_MAX_API_ROWS,
    },
  };
}

function readJwks({ JWKS_URL, JWT_ISSUER, JWT_AUDIENCE }: Environment): Config['jwks'] {
  if (!JWKS_URL || !JWT_ISSUER || !JWT_AUDIENCE) return undefined;
  return { url: JWKS_URL, issuer: JWT_ISSUER, audience: JWT_AUDIENCE };
}
