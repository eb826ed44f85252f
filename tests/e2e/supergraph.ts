import { z } from 'zod';
import { signDevelopmentToken } from '../../src/platform/auth/developmentKey.ts';
import { readConfig } from '../../src/platform/config.ts';
import { type CommandResult, runCli } from '../cli/runCli.ts';
import { cleanUp, launchRealServices, newLaunchSettings } from '../local/launchedSupergraph.ts';
import { createTestDatabase } from '../support/testDatabase.ts';

const answerSchema = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z
    .array(
      z.object({
        message: z.string(),
        path: z.array(z.union([z.string(), z.number()])).optional(),
        extensions: z.record(z.string(), z.unknown()).default({}),
      }),
    )
    .optional(),
});

export type Answer = z.infer<typeof answerSchema>;

/** The whole local supergraph, as `npm start` brings it up, on databases of its own. */
export interface Supergraph {
  /** Asks the gateway; without an email address, without a token. */
  ask(email: string | null, query: string, variables?: object): Promise<Answer>;
  /** Runs the command line against the gateway. */
  cli(...args: string[]): Promise<CommandResult>;
  readonly gatewayUrl: string;
  stop(): Promise<void>;
}

/** The demo workspace is filled, enrolled and audited once when this resolves. */
export async function startSupergraph(): Promise<Supergraph> {
  const [identity, enrollment] = await Promise.all([
    createTestDatabase('identity'),
    createTestDatabase('enrollment'),
  ]);
  const settings = await newLaunchSettings();
  const launched = launchRealServices(settings, {
    DATABASE_URL: identity.connectionString,
    ENROLLMENT_DATABASE_URL: enrollment.connectionString,
  });
  await launched.says('Ready');
  const config = readConfig({ DATA_DIR: settings.dataDir });
  const gatewayUrl = `http://127.0.0.1:${settings.gatewayPort}`;
  return {
    gatewayUrl,
    async ask(email, query, variables = {}) {
      const headers = new Headers({ 'content-type': 'application/json' });
      if (email !== null) {
        headers.set('authorization', `Bearer ${await signDevelopmentToken(config, email)}`);
      }
      const response = await fetch(`${gatewayUrl}/graphql`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ query, variables }),
      });
      return answerSchema.parse(await response.json());
    },
    cli: (...args) =>
      runCli(args, { DATA_DIR: settings.dataDir, GATEWAY_PORT: String(settings.gatewayPort) }),
    async stop() {
      await cleanUp(settings, [launched]);
      await Promise.all([identity.drop(), enrollment.drop()]);
    },
  };
}
