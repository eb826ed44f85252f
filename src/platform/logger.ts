import pino, { type Logger } from 'pino';
import type { Config } from './config.ts';
import { errorForLog } from './errorForLog.ts';

export type { Logger };

/** A JSON logger on standard output; every line names the service. Lines carry ids, never row data. */
export function createLogger(service: string, config: Pick<Config, 'logLevel'>): Logger {
  return pino({
    name: service,
    level: config.logLevel,
    serializers: { err: (error: unknown) => errorForLog(error) },
  });
}
