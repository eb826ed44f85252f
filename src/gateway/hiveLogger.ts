import { Logger as HiveLogger } from '@graphql-hive/gateway-runtime';
import type { Logger } from '../platform/logger.ts';

const HIVE_LEVELS = ['trace', 'debug', 'info', 'warn', 'error'] as const;

/** What the gateway's runtime logs, as lines of ours. */
export function createHiveLogger(logger: Logger): HiveLogger {
  return new HiveLogger({
    level: HIVE_LEVELS.find((level) => logger.isLevelEnabled(level)) ?? false,
    writers: [
      { write: (level, attributes, message) => logger[level]({ attributes }, message ?? '') },
    ],
  });
}
