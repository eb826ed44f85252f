import pino from 'pino';
import { errorForLog } from '../../src/platform/errorForLog.ts';
import type { Logger } from '../../src/platform/logger.ts';

export type LogLine = Record<string, unknown>;

/** A logger whose lines a test can read. */
export function createTestLogger(): { logger: Logger; lines: LogLine[] } {
  const lines: LogLine[] = [];
  const serializers = { err: (error: unknown) => errorForLog(error) };
  const logger = pino(
    { level: 'debug', serializers },
    { write: (line) => lines.push(JSON.parse(line)) },
  );
  return { logger, lines };
}
