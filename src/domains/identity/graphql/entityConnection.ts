import type { DefaultConnectionArguments } from '@pothos/plugin-relay';
import { validate as isUuid } from 'uuid';
import type { KeysetPage } from '../services/keyset.ts';
import { resolveKeysetConnection } from './keysetConnection.ts';

/** Resolves a connection of rows in the order of their ids, which is that of their creation. */
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
