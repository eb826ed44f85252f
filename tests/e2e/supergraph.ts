import { expect } from 'vitest';
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
  /** Runs a command that must succeed without a word beside its result, and reads that as JSON. */
  json(...args: string[]): Promise<ReturnType<typeof JSON.parse>>;
  readonly gatewayUrl: string;
  /** Of the identity database, for what only time can do: its connection string. */
  readonly databaseUrl: string;
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
  const cli = (...args: string[]): Promise<CommandResult> =>
    runCli(args, { DATA_DIR: settings.dataDir, GATEWAY_PORT: String(settings.gatewayPort) });
  return {
    gatewayUrl,
    databaseUrl: identity.connectionString,
    cli,
    async json(...args) {
      const { exitCode, stdout, stderr } = await cli('--json', ...args);
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
      return JSON.parse(stdout);
    },
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
    async stop() {
      await cleanUp(settings, [launched]);
      await Promise.all([identity.drop(), enrollment.drop()]);
    },
  };
}
