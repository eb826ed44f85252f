import http from '@graphql-mesh/transport-http';

/**
 * How the gateway talks to subgraphs: it always answers by a promise. A request that can't be written is
 * answered at once otherwise, and the runtime then leaves its time-out behind, which rejects a promise
 * that nobody holds, and so ends the process.
 */
export const httpTransport: typeof http = {
  getSubgraphExecutor(options) {
    const executor = http.getSubgraphExecutor(options);
    return Object.assign(async (request: Parameters<typeof executor>[0]) => executor(request), {
      [Symbol.asyncDispose]: () => executor[Symbol.asyncDispose](),
    });
  },
};
