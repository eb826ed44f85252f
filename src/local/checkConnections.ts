import { Redis } from 'ioredis';
import pg from 'pg';
import { type Config, ConfigError } from '../platform/config.ts';

const connectTimeoutMs = 5_000;

/**
 * Tries the servers that the configuration names, since the services themselves wait for one that
 * is away.
 *
 * @throws {@link ConfigError} naming the variable whose server can't be used, and why
 */
export async function checkConnections(config: Config): Promise<void> {
  await check('DATABASE_URL', config.databaseUrl, connectToPostgres);
  await check('ENROLLMENT_DATABASE_URL', config.enrollmentDatabaseUrl, connectToPostgres);
  await check('REDIS_URL', config.redisUrl, connectToRedis);
}

async function check(
  variable: string,
  url: string | undefined,
  connect: (url: string) => Promise<void>,
): Promise<void> {
  if (url === undefined) return;
  try {
    await connect(url);
  } catch (error) {
    const reason = error instanceof Error ? error.message || error.name : String(error);
    throw new ConfigError(`${variable}: can't connect (${reason}).`, { cause: error });
  }
}

async function connectToPostgres(connectionString: string): Promise<void> {
  const client = new pg.Client({
    connectionString,
    connectionTimeoutMillis: connectTimeoutMs,
  });
  await client.connect();
  await client.end();
}

async function connectToRedis(url: string): Promise<void> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: connectTimeoutMs,
    retryStrategy: () => null,
  });
  // Its reason comes as an event; what `connect` rejects with only says that it is closed.
  const failed = new Promise<never>((_resolve, reject) => redis.once('error', reject));
  try {
    await Promise.race([redis.connect().catch(() => failed), failed]);
  } finally {
    redis.disconnect();
  }
}
