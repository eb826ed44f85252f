import { createHash } from 'node:crypto';

/** What tells whether a call is the same as another. */
interface SentRows {
  readonly profile: string;
  readonly autoPromote: boolean;
  readonly blankErases: boolean;
  /** Of JSON. */
  readonly rows: readonly unknown[];
}

/** The SHA-256 of what was sent, in hexadecimal; the order of an object's keys makes no difference. */
export function rowsHash({ profile, autoPromote, blankErases, rows }: SentRows): string {
  const text = JSON.stringify([profile, autoPromote, blankErases, rows], withSortedKeys);
  return createHash('sha256').update(text).digest('hex');
}

function withSortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}
