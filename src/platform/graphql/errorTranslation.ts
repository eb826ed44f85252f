import type { ExecutionResult, GraphQLError } from 'graphql';
import { isAsyncIterable, mapAsyncIterator, type Plugin } from 'graphql-yoga';

/**
 * Sends every error of every result, subscriptions included, through one function. It needs Yoga's
 * own masking switched off, which can't know the request.
 */
export function useErrorTranslation(
  translateError: (error: GraphQLError, request: Request) => GraphQLError,
): Plugin {
  return {
    onResultProcess({ request, result, setResult }) {
      const translate = <T extends ExecutionResult>(part: T): T =>
        part.errors === undefined
          ? part
          : { ...part, errors: part.errors.map((error) => translateError(error, request)) };
      if (isAsyncIterable(result)) setResult(mapAsyncIterator(result, translate));
      else if (Array.isArray(result)) setResult(result.map(translate));
      else setResult(translate(result));
    },
  };
}
