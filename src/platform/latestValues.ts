/** Values for one reader, who gets the newest one that is there and never a queue of old ones. */
export interface LatestValues<T> {
  readonly values: AsyncIterableIterator<T>;
  /** Takes the place of a value that has not been read yet. */
  push(value: T): void;
  /** What has not been read yet is still read. */
  end(): void;
}

/**
 * @param onEnd - called once when no more can be read: after `end`, or when the reader leaves, who is
 *   not kept waiting for a next value then, as an async generator would
 */
export function createLatestValues<T>(onEnd: () => void): LatestValues<T> {
  let unread: { readonly value: T } | undefined;
  let ended = false;
  let waiting: PromiseWithResolvers<IteratorResult<T, undefined>> | undefined;

  const answer = (result: IteratorResult<T, undefined>): void => {
    waiting?.resolve(result);
    waiting = undefined;
  };
  const end = (): void => {
    if (ended) return;
    ended = true;
    answer({ done: true, value: undefined });
    onEnd();
  };
  const values: AsyncIterableIterator<T> = {
    [Symbol.asyncIterator]: () => values,
    async next() {
      if (unread !== undefined) {
        const { value } = unread;
        unread = undefined;
        return { done: false, value };
      }
      if (ended) return { done: true, value: undefined };
      waiting ??= Promise.withResolvers();
      return waiting.promise;
    },
    async return() {
      unread = undefined;
      end();
      return { done: true, value: undefined };
    },
  };
  return {
    values,
    push(value) {
      if (ended) return;
      if (waiting === undefined) unread = { value };
      else answer({ done: false, value });
    },
    end,
  };
}
