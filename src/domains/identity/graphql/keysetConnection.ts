import { type DefaultConnectionArguments, resolveCursorConnection } from '@pothos/plugin-relay';
import { badUserInput } from '../../../platform/errors.ts';
import type { KeysetPage } from '../services/keyset.ts';

const DEFAULT_SIZE = 50;
const MAX_SIZE = 1_000;

interface KeysetConnectionOptions<T, Position> {
  readonly args: DefaultConnectionArguments;
  /** The position of a row, as a text. */
  readonly toCursor: (row: T) => string;
  /** The position that a cursor stands for; null when it is not one of {@link toCursor}. */
  readonly fromCursor: (cursor: string) => Position | null;
  readonly list: (page: KeysetPage<Position>) => Promise<readonly T[]>;
}

/**
 * Resolves a Relay connection by keyset: cursors are positions, and pages are read beyond them.
 *
 * @throws `BAD_USER_INPUT` for a cursor that is none, or a page size that is out of bounds
 */
export function resolveKeysetConnection<T, Position>({
  args,
  toCursor,
  fromCursor,
  list,
}: KeysetConnectionOptions<T, Position>) {
  assertPageSize('first', args.first);
  assertPageSize('last', args.last);
  const position = (name: 'after' | 'before', cursor: string | undefined): Position | null => {
    if (cursor === undefined) return null;
    const decoded = fromCursor(Buffer.from(cursor, 'base64url').toString());
    if (decoded === null) throw badUserInput(name, `"${cursor}" is not a cursor of this list.`);
    return decoded;
  };
  return resolveCursorConnection<Promise<readonly T[]>>(
    {
      args,
      defaultSize: DEFAULT_SIZE,
      maxSize: MAX_SIZE,
      toCursor: (row) => Buffer.from(toCursor(row)).toString('base64url'),
    },
    ({ after, before, limit, inverted }) =>
      list({
        after: position('after', after),
        before: position('before', before),
        limit,
        backwards: inverted,
      }),
  );
}

function assertPageSize(name: 'first' | 'last', size: number | null | undefined): void {
  if (size == null || (size >= 1 && size <= MAX_SIZE)) return;
  throw badUserInput(name, `"${name}" must be between 1 and ${MAX_SIZE}, not ${size}.`);
}
