/**
 * Reads the first item of an iterable ahead.
 *
 * @returns all items, the first included; null when there is none. Returning the generator before
 *   its end closes the source.
 */
export async function nonEmpty<T>(
  items: Iterable<T> | AsyncIterable<T>,
): Promise<AsyncGenerator<T> | null> {
  const iterator =
    Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  const first = await iterator.next();
  if (first.done) return null;
  return (async function* () {
    try {
      yield first.value;
      for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
        yield next.value;
      }
    } finally {
      await iterator.return?.();
    }
  })();
}
