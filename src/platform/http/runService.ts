import { type Config, ConfigError, readConfig } from '../config.ts';
import { createLogger, type Logger } from '../logger.ts';

/** A little more than what stopping an HTTP server may take. */
const STOP_DEADLINE_MS = 15_000;

export interface RunningService {
  stop(): Promise<void>;
}

/**
 * Runs a service as this process until SIGTERM, SIGINT or the end of the parent that spawned it
 * with an `ipc` channel. Tells such a parent `{ type: 'ready' }` once `start` has resolved. The
 * process exits in every case: 0 after a clean stop, 1 when starting or stopping failed.
 *
 * @param name - of the service, in its log lines
 * @param start - brings the service up; a {@link ConfigError} it throws is reported as one line
 */
export async function runService(
  name: string,
  start: (config: Config, logger: Logger) => Promise<RunningService>,
): Promise<void> {
  const stopRequested = waitForStopRequest();
  try {
    const config = readConfig();
    const logger = createLogger(name, config);
    void stopRequested.then(() => exitAtDeadline(logger));
    const service = await start(config, logger);
    reportReady();
    await stopRequested;
    await service.stop();
    process.exit(0);
  } catch (error) {
    console.error(error instanceof ConfigError ? `${name}: ${error.message}` : error);
    process.exit(1);
  }
}

/** The handlers stay, so that a second signal does not cut off a stop that is under way. */
function waitForStopRequest(): Promise<void> {
  return new Promise((resolve) => {
    for (const event of ['SIGTERM', 'SIGINT', 'disconnect'] as const)
      process.on(event, () => resolve());
  });
}

function exitAtDeadline(logger: Logger): void {
  setTimeout(() => {
    logger.error('Stopping took too long, so what was still under way is cut off.');
    process.exit(1);
  }, STOP_DEADLINE_MS).unref();
}

function reportReady(): void {
  if (process.connected) process.send?.({ type: 'ready' });
}
