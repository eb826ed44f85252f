import { once } from 'node:events';
import type { RequestListener, ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { ConfigError } from '../../../src/platform/config.ts';
import { type HttpServer, startHttpServer } from '../../../src/platform/http/httpServer.ts';

const ANY_PORT = { port: 0, portVariable: 'TEST_PORT', allInterfaces: false };

let server: HttpServer;
afterEach(() => server.stop());

const start = async (listener: RequestListener) => {
  server = await startHttpServer(listener, ANY_PORT);
};

describe('starting', () => {
  it('names the port and the variable when the port is taken', async () => {
    await start((_request, response) => response.end());
    const port = Number(new URL(server.url).port);

    const second = startHttpServer(() => {}, { ...ANY_PORT, port });

    await expect(second).rejects.toThrow(ConfigError);
    await expect(second).rejects.toThrow(`Port ${port} is taken`);
    await expect(second).rejects.toThrow('TEST_PORT');
  });
});

describe('stopping', () => {
  it('lets a request in flight finish', async () => {
    const arrived = Promise.withResolvers<ServerResponse>();
    await start((_request, response) => arrived.resolve(response));
    const answer = fetch(server.url);
    const response = await arrived.promise;

    const stopped = server.stop();
    response.end('whole');

    expect(await (await answer).text()).toBe('whole');
    await stopped;
  });

  it('lets a response finish that had begun', async () => {
    await start((_request, response) => {
      response.write('first ');
      void stopping.promise.then(() => response.end('last'));
    });
    const stopping = Promise.withResolvers<void>();
    const answer = await fetch(server.url);

    const stopped = server.stop();
    stopping.resolve();

    expect(await answer.text()).toBe('first last');
    await stopped;
  });

  it('takes no new connection', async () => {
    await start((_request, response) => response.end());

    await server.stop();

    await expect(fetch(server.url)).rejects.toThrow('fetch failed');
  });

  it('does not wait for event streams, which need not end', { timeout: 5_000 }, async () => {
    await start((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(':\n\n');
    });
    const answer = await fetch(server.url, { headers: { accept: 'text/event-stream' } });

    await server.stop();

    await expect(answer.text()).rejects.toThrow('terminated');
  });

  it('does not wait for connections that ask for nothing', async () => {
    await start((_request, response) => response.end());
    const silent = connect(Number(new URL(server.url).port), '127.0.0.1');
    await once(silent, 'connect');
    const closed = once(silent, 'close');
    await fetch(server.url).then((response) => response.text());

    await server.stop();

    await closed;
  });
});
