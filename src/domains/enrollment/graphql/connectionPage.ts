import { parseCursorConnectionArgs } from '@pothos/plugin-relay';
import { validate as isUuid } from 'uuid';
import { badUserInput } from '../../../platform/errors.ts';
import type { KeysetPage } from '../services/keysetPage.ts';

interface ConnectionArguments {
  readonly first?: number | null | undefined;
  readonly last?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly before?: string | null | undefined;
}

/**
 * A Relay connection over a list ordered by id. A cursor is the id of its row.
 *
 * @param load - reads the page, last row first where it is taken from the end
 * @throws `BAD_USER_INPUT` for arguments that describe no page
 */
export async function resolvePage<Row extends { readonly id: string }>(
  args: ConnectionArguments,
  load: (page: KeysetPage) => Promise<Row[]>,
) {
  assertCount('first', args.first);
  assertCount('last', args.last);
  assertCursor('after', args.after);
  assertCursor('before', args.before);
  const page = parseCursorConnectionArgs({ args });
  const { after, before, limit, inverted, expectedSize } = page;

  // One row more than asked for says whether there are more.
  const rows = await load({ after, before, limit, fromEnd: inverted });
  const nodes = rows.slice(0, expectedSize);
  if (inverted) nodes.reverse();
  return {
    edges: nodes.map((node) => ({ cursor: node.id, node })),
    pageInfo: {
      startCursor: nodes.at(0)?.id ?? null,
      endCursor: nodes.at(-1)?.id ?? null,
      hasPreviousPage: page.hasPreviousPage(rows.length),
      hasNextPage: page.hasNextPage(rows.length),
    },
  };
}

function assertCount(name: string, count: number | null | undefined): void {
  if (typeof count === 'number' && count < 0) {
    throw badUserInput(name, `${name} can't be negative.`);
  }
}

function assertCursor(name: string, cursor: string | null | undefined): void {
  if (typeof cursor === 'string' && !isUuid(cursor)) {
    throw badUserInput(name, `${name} must be a cursor of this list.`);
  }
}
