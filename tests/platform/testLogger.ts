import pino from 'pino';
import type { Logger } from '../../src/platform/logger.ts';

export type LogLine = Record<string, unknown>;

/** A logger whose lines a test can read. */
export function createTestLogger(): { logger: Logger; lines: LogLine[] } {
  const lines: LogLine[] = [];
  const logger = pino({ level: 'debug' }, { write: (line) => lines.push(JSON.parse(line)) });
  return { logger, lines };
}
