import { createServer, type Server } from 'node:net';
import { type Config, ConfigError } from '../platform/config.ts';

/**
 * Looks whether the services will get their ports. All are held until the last was tried, so that
 * one port given to two services is found as well.
 *
 * @throws {@link ConfigError} naming the port that is taken and the variable that changes it
 */
export async function checkPorts(config: Config): Promise<void> {
  const wanted = [
    { port: config.gatewayPort, variable: 'GATEWAY_PORT' },
    { port: config.identityPort, variable: 'IDENTITY_PORT' },
    { port: config.enrollmentPort, variable: 'ENROLLMENT_PORT' },
  ];
  const held: Server[] = [];
  try {
    for (const { port, variable } of wanted) held.push(await hold(port, variable));
  } finally {
    await Promise.all(held.map(release));
  }
}

function hold(port: number, variable: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reason = error.code === 'EADDRINUSE' ? 'is already in use' : `can't be had`;
      const remedy = `Stop what uses it, or set ${variable} to another port.`;
      reject(new ConfigError(`Port ${port} ${reason} (${error.code}). ${remedy}`));
    });
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

function release(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
