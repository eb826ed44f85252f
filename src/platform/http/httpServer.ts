import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { Server as NetServer } from 'node:net';
import { ConfigError } from '../config.ts';

/** Node's default of five minutes for a whole request would cut off large files on slow lines. */
const REQUEST_TIMEOUT_MS = 60 * 60 * 1000;

/** How long `stop` waits for requests in flight. */
const DRAIN_TIMEOUT_MS = 10_000;

/** How long it waits for subscriptions, which need not end by themselves. */
const STREAM_TIMEOUT_MS = 500;

export interface HttpAddress {
  /** 0 takes any free port. */
  readonly port: number;
  /** Environment variable that sets the port; named when the port can't be had. */
  readonly portVariable: string;
  /** False binds 127.0.0.1 alone. */
  readonly allInterfaces: boolean;
}

export interface HttpServer {
  /** Where this machine reaches it, such as `http://127.0.0.1:4000`. */
  readonly url: string;
  /**
   * Takes no new connections, lets requests in flight finish (ten seconds at most), then closes.
   * Called again, it waits for the same end.
   */
  stop(): Promise<void>;
}

/**
 * Starts a server and resolves once it listens.
 *
 * @throws {@link ConfigError} naming the port and its variable when the port can't be had
 */
export async function startHttpServer(
  listener: RequestListener,
  address: HttpAddress,
): Promise<HttpServer> {
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS }, listener);
  const stop = drainable(server);
  const port = await listen(server, address);
  return { url: `http://127.0.0.1:${port}`, stop };
}

function listen(server: Server, { port, portVariable, allInterfaces }: HttpAddress) {
  return new Promise<number>((resolve, reject) => {
    server.once('error', (error) => reject(explainListenError(error, port, portVariable)));
    server.listen({ port, ...(allInterfaces ? {} : { host: '127.0.0.1' }) }, () => {
      const bound = server.address();
      resolve(typeof bound === 'object' && bound !== null ? bound.port : port);
    });
  });
}

function explainListenError(
  error: NodeJS.ErrnoException,
  port: number,
  portVariable: string,
): Error {
  if (error.code === 'EADDRINUSE') {
    return new ConfigError(
      `Port ${port} is taken by another process: stop that one, or set ${portVariable} to a free port.`,
    );
  }
  if (error.code === 'EACCES') {
    return new ConfigError(
      `Port ${port} is not open to this user: set ${portVariable} to a port above 1023.`,
    );
  }
  return error;
}

/**
 * `http.Server.close()` destroys connections whose response has ended but is not yet sent, and
 * waits for those that never asked for anything. So listening ends as a plain `net.Server` does
 * it, and all connections end once every response is out.
 */
function drainable(server: Server): () => Promise<void> {
  const open = new Set<ServerResponse>();
  let stopping = false;
  const endAfterResponse = (response: ServerResponse): void => {
    if (!response.headersSent) response.setHeader('connection', 'close');
  };
  server.prependListener('request', (_request, response) => {
    open.add(response);
    if (stopping) endAfterResponse(response);
    response.once('close', () => {
      open.delete(response);
      if (stopping && open.size === 0) server.closeAllConnections();
    });
  });

  const drain = (): Promise<void> =>
    new Promise((resolve) => {
      stopping = true;
      const timer = setTimeout(() => server.closeAllConnections(), DRAIN_TIMEOUT_MS);
      const streamTimer = setTimeout(() => {
        for (const response of open) if (isEventStream(response)) response.destroy();
      }, STREAM_TIMEOUT_MS);
      NetServer.prototype.close.call(server, () => {
        clearTimeout(timer);
        clearTimeout(streamTimer);
        resolve();
      });
      for (const response of open) endAfterResponse(response);
      if (open.size === 0) server.closeAllConnections();
    });
  let drained: Promise<void> | undefined;
  return () => {
    drained ??= drain();
    return drained;
  };
}

/** Headers that were sent are not kept; what answers at once has long ended when this is asked. */
function isEventStream({ req, headersSent }: ServerResponse): boolean {
  return headersSent && req.headers.accept?.includes('text/event-stream') === true;
}
