import type { Command } from 'commander';
import { z } from 'zod';
import { readConfig } from '../platform/config.ts';
import { CliError, isNotFound } from './cliError.ts';
import { developmentToken } from './developmentToken.ts';
import { createGatewayClient, type GatewayClient } from './gatewayClient.ts';

const globalOptionsSchema = z.object({
  json: z.boolean().default(false),
  as: z.string().default('admin@demo.example'),
  token: z.string().optional(),
  gateway: z.url({ protocol: /^https?$/ }).optional(),
});

/** What every command starts from. */
export interface Session {
  readonly gateway: GatewayClient;
  /** Whether results are printed as JSON. */
  readonly json: boolean;
}

/** Reads the options that every command takes, and signs in. */
export async function openSession(command: Command): Promise<Session> {
  const config = readConfig();
  const options = readGlobalOptions(command);
  // An empty variable is how scripts unset one.
  const given = options.token ?? (process.env.IDENTITY_TOKEN || undefined);
  const token = given ?? (await developmentToken(config, options.as));
  const url = options.gateway ?? `http://127.0.0.1:${config.gatewayPort}`;
  return { gateway: createGatewayClient(url, token), json: options.json };
}

/** @throws CliError for a gateway that is none */
function readGlobalOptions(command: Command): z.infer<typeof globalOptionsSchema> {
  const options = globalOptionsSchema.safeParse(command.optsWithGlobals());
  if (options.success) return options.data;
  throw new CliError('--gateway: Give a URL, such as http://127.0.0.1:4000.');
}

const workspaceShape = z.object({ workspaceBySlug: z.object({ id: z.string() }) });

/** @throws CliError when the user has no workspace with this slug */
export async function workspaceId({ gateway }: Session, slug: string): Promise<string> {
  const { workspaceBySlug } = await gateway
    .query(
      'query WorkspaceBySlug($slug: String!) { workspaceBySlug(slug: $slug) { id } }',
      { slug },
      workspaceShape,
    )
    .catch((error: unknown) => {
      if (isNotFound(error)) {
        throw new CliError(
          `You have no workspace "${slug}". Create it with: workspace create ${slug}`,
        );
      }
      throw error;
    });
  return workspaceBySlug.id;
}
