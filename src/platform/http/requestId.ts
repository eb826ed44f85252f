import { randomUUID } from 'node:crypto';

export const REQUEST_ID_HEADER = 'x-request-id';

/** Short enough for a log line, and nothing in it that could forge one. */
const SANE_REQUEST_ID = /^[\w.:-]{1,128}$/;

/** The id that came with the request where it is fit for log lines, else a new one. */
export function readRequestId(header: string | string[] | null | undefined): string {
  return typeof header === 'string' && SANE_REQUEST_ID.test(header) ? header : randomUUID();
}
