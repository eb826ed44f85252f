import type { Plugin } from 'graphql-yoga';
import { REQUEST_ID_HEADER, readRequestId } from '../http/requestId.ts';

export interface RequestIds {
  /** The same for every question about the same request. */
  of(request: Request): string;
  /** Sends the id back with the response. */
  readonly plugin: Plugin;
}

/** Gives every request an id: the one it came with where that is sane, else a new one. */
export function createRequestIds(): RequestIds {
  const ids = new WeakMap<Request, string>();
  const of = (request: Request): string => {
    const known = ids.get(request);
    if (known !== undefined) return known;
    const id = readRequestId(request.headers.get(REQUEST_ID_HEADER));
    ids.set(request, id);
    return id;
  };
  return {
    of,
    plugin: {
      onResponse({ request, response }) {
        response.headers.set(REQUEST_ID_HEADER, of(request));
      },
    },
  };
}
