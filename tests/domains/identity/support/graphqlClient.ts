import { pino } from 'pino';
import { createIdentityServer } from '../../../../src/domains/identity/identityServer.ts';
import { signDevelopmentToken } from '../../../../src/platform/auth/developmentKey.ts';
import { readConfig } from '../../../../src/platform/config.ts';
import type { IdentityTestbed } from './identityTestbed.ts';

/** A GraphQL answer; `data` is whatever the query asked for. */
export interface GraphQLAnswer {
  // biome-ignore lint/suspicious/noExplicitAny: answers have the shape of their query
  readonly data?: any;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions: Readonly<Record<string, unknown>>;
  }[];
}

/** Asks as the user `NAME@test.example`; null sends no token. */
export type Ask = (
  user: string | null,
  query: string,
  variables?: Record<string, unknown>,
) => Promise<GraphQLAnswer>;

/** The identity subgraph's GraphQL endpoint, without a network. */
export function createGraphQLClient(testbed: IdentityTestbed, dataDir: string): Ask {
  const config = readConfig({ DATA_DIR: dataDir });
  const server = createIdentityServer({
    config,
    logger: pino({ level: 'silent' }),
    runtime: testbed.runtime,
    port: 0,
  });
  return async (user, query, variables) => {
    const headers = new Headers({ 'content-type': 'application/json' });
    if (user !== null) {
      const token = await signDevelopmentToken(config, `${user}@test.example`);
      headers.set('authorization', `Bearer ${token}`);
    }
    const response = await server.fetch('http://identity.test/graphql', {
      method: 'POST',
      headers,
      body: JSON.stringify({ query, variables }),
    });
    return response.json();
  };
}
