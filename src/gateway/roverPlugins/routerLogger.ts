import { join } from 'node:path';
import pino from 'pino';
import { z } from 'zod';
import type { Config } from '../../platform/config.ts';
import { createLogger, type Logger } from '../../platform/logger.ts';

/** The number that Pino gives this level in its lines. */
const ERROR = 50;

const lineSchema = z.object({
  level: z.number(),
  msg: z.string().default(''),
  err: z.object({ message: z.string() }).optional(),
});

/** Writes all to `logs/gateway.log`, and shows warnings and errors through rover. */
export function createRouterLogger(config: Config): Logger {
  const file = pino.destination({
    dest: join(config.dataDir, 'logs/gateway.log'),
    mkdir: true,
    append: false,
    sync: true,
  });
  return createLogger(
    'gateway',
    config,
    pino.multistream([
      { level: config.logLevel === 'silent' ? 'fatal' : config.logLevel, stream: file },
      { level: 'warn', stream: { write: (line) => console.log(toRouterLine(line)) } },
    ]),
  );
}

/** As Apollo Router logs, which rover reads and shows in a line for people. */
function toRouterLine(line: string): string {
  const { level, msg, err } = lineSchema.parse(JSON.parse(line));
  return JSON.stringify({
    level: level >= ERROR ? 'ERROR' : 'WARN',
    message: err ? `${msg}: ${err.message}` : msg,
  });
}
