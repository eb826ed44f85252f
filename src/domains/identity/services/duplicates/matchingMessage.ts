import { z } from 'zod';
import type { SearchFound } from './searchDuplicates.ts';

const errorSchema = z.object({
  message: z.string(),
  stack: z.string().optional(),
  /** Such as PostgreSQL's SQLSTATE. */
  code: z.string().optional(),
});
/** An error on its way between processes. */
export type SentError = z.infer<typeof errorSchema>;

const failureSchema = z.object({
  rowIndex: z.int(),
  entityId: z.string().nullable(),
  entityVersion: z.int().nullable(),
  error: errorSchema,
});
/** A record on which the rule failed. */
export type SentFailure = z.infer<typeof failureSchema>;

/** The one message of a matching process: what it has come to beside the findings. */
export const matchingMessageSchema = z.union([
  z.object({ found: z.custom<SearchFound>(), failures: z.array(failureSchema) }),
  z.object({ error: errorSchema }),
]);
export type MatchingMessage = z.infer<typeof matchingMessageSchema>;

export function sendable(error: unknown): SentError {
  if (!(error instanceof Error)) return { message: String(error) };
  const code: unknown = Reflect.get(error, 'code');
  return {
    message: error.message,
    ...(error.stack === undefined ? {} : { stack: error.stack }),
    ...(typeof code === 'string' ? { code } : {}),
  };
}

/** The error as it was, so that it can be told what kind it is. */
export function received({ message, stack, code }: SentError): Error {
  const error = new Error(message);
  if (stack !== undefined) error.stack = stack;
  return code === undefined ? error : Object.assign(error, { code });
}
