/** A page of a list that is ordered by id. Ids are UUID v7, so that is the order of creation. */
export interface KeysetPage {
  /** Ids between which the page lies, both excluded. */
  readonly after: string | undefined;
  readonly before: string | undefined;
  /** How many rows at most. */
  readonly limit: number;
  /** Whether the page is taken from the end, last row first. */
  readonly fromEnd: boolean;
}

/**
 * A condition rather than Prisma's `cursor`, which reads the whole rest of the list where it can't
 * prove that the order is unique.
 */
export function idIsWithin({ after, before }: KeysetPage): { gt?: string; lt?: string } {
  return {
    ...(after === undefined ? {} : { gt: after }),
    ...(before === undefined ? {} : { lt: before }),
  };
}

export function orderById({ fromEnd }: KeysetPage): { id: 'asc' | 'desc' } {
  return { id: fromEnd ? 'desc' : 'asc' };
}
