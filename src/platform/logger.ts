import pino, { type DestinationStream, type Logger } from 'pino';
import type { Config } from './config.ts';
import { errorForLog } from './errorForLog.ts';

export type { Logger };

/**
 * A JSON logger; every line names the service. Lines carry ids, never row data.
 *
 * @param destination - standard output where it is missing
 */
export function createLogger(
  service: string,
  config: Pick<Config, 'logLevel'>,
  destination: DestinationStream = pino.destination(1),
): Logger {
  return pino(
    {
      name: service,
      level: config.logLevel,
      serializers: { err: (error: unknown) => errorForLog(error) },
    },
    destination,
  );
}
