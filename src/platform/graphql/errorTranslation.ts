import type { ExecutionResult } from 'graphql';
import { isAsyncIterable, mapAsyncIterator, type Plugin } from 'graphql-yoga';
import type { Logger } from '../logger.ts';
import { maskError } from './maskError.ts';

/**
 * Sends every error of every result, subscriptions included, through {@link maskError}. It needs
 * Yoga's own masking switched off, which can't know the request id.
 */
export function useErrorTranslation(
  logger: Logger,
  requestIdOf: (request: Request) => string,
): Plugin {
  return {
    onResultProcess({ request, result, setResult }) {
      const requestId = requestIdOf(request);
      const translate = <T extends ExecutionResult>(part: T): T =>
        part.errors === undefined
          ? part
          : {
              ...part,
              errors: part.errors.map((error) => maskError(error, { logger, requestId })),
            };
      if (isAsyncIterable(result)) setResult(mapAsyncIterator(result, translate));
      else if (Array.isArray(result)) setResult(result.map(translate));
      else setResult(translate(result));
    },
  };
}
