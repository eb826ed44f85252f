import { type DefaultConnectionArguments, resolveCursorConnection } from '@pothos/plugin-relay';
import { validate as isUuid } from 'uuid';
import { badUserInput } from '../errors.ts';
import type { KeysetPage } from '../keyset.ts';

const DEFAULT_SIZE = 50;
const MAX_SIZE = 1_000;

/** What the connections of all subgraphs have in common, for the options of Pothos' relay plugin. */
export const connectionOptions = {
  // Global object identification can't be federated.
  nodeQueryOptions: false,
  nodesQueryOptions: false,
  pageInfoTypeOptions: {
    description: 'Where a page of a list lies, and whether there is more.',
    shareable: true,
  },
  hasNextPageFieldOptions: { description: 'Whether more items follow.' },
  hasPreviousPageFieldOptions: { description: 'Whether there are items before this page.' },
  startCursorFieldOptions: { description: 'The cursor of the first item of the page.' },
  endCursorFieldOptions: {
    description: 'The cursor of the last item of the page; pass it as `after` for the next page.',
  },
  cursorFieldOptions: { description: 'Pass it as `after` or `before` to page from this item.' },
  edgesFieldOptions: { description: 'The items of the page.', nullable: false },
  nodeFieldOptions: { description: 'The item itself.', nullable: false },
  pageInfoFieldOptions: { description: 'Where the page lies, and whether there is more.' },
  firstArgOptions: {
    description: `How many to return, counted from the start; ${DEFAULT_SIZE} by default, ${MAX_SIZE} at the most.`,
  },
  lastArgOptions: {
    description: `How many to return, counted from the end; ${MAX_SIZE} at the most.`,
  },
  afterArgOptions: { description: 'Return only what comes after this cursor.' },
  beforeArgOptions: { description: 'Return only what comes before this cursor.' },
} as const;

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
  const position = (name: 'after' | 'before', cursor: string | undefined): Position | null =>
    cursor === undefined ? null : readCursor(name, cursor, fromCursor);
  return resolveCursorConnection<Promise<readonly T[]>>(
    {
      args,
      defaultSize: DEFAULT_SIZE,
      maxSize: MAX_SIZE,
      toCursor: (row) => writeCursor(toCursor(row)),
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

/** A position in a list, as clients keep it. */
export function writeCursor(position: string): string {
  return Buffer.from(position).toString('base64url');
}

/**
 * @param argument - that has the cursor
 * @param fromCursor - the position; null when it is none of the list
 * @throws `BAD_USER_INPUT` for a cursor that {@link writeCursor} has not written for the list
 */
export function readCursor<Position>(
  argument: string,
  cursor: string,
  fromCursor: (cursor: string) => Position | null,
): Position {
  const position = fromCursor(Buffer.from(cursor, 'base64url').toString());
  if (position !== null) return position;
  throw badUserInput(argument, `"${cursor}" is not a cursor of this list.`);
}

/**
 * Resolves a connection of rows in the order of their ids, which is that of their creation.
 *
 * @throws as {@link resolveKeysetConnection}
 */
export function resolveConnectionById<T extends { readonly id: string }>(
  args: DefaultConnectionArguments,
  list: (page: KeysetPage<string>) => Promise<readonly T[]>,
) {
  return resolveKeysetConnection({
    args,
    toCursor: ({ id }: T) => id,
    fromCursor: (cursor) => (isUuid(cursor) ? cursor : null),
    list,
  });
}

function assertPageSize(name: 'first' | 'last', size: number | null | undefined): void {
  if (size == null || (size >= 1 && size <= MAX_SIZE)) return;
  throw badUserInput(name, `"${name}" must be between 1 and ${MAX_SIZE}, not ${size}.`);
}
