import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { CompositionError } from './compositionError.ts';

export interface SubgraphAddress {
  readonly name: string;
  /** Of its GraphQL endpoint. */
  readonly url: string;
}

/** One subgraph as `supergraph.yaml` lists it. */
export interface SubgraphConfig extends SubgraphAddress {
  /** Absolute path of its SDL. */
  readonly sdlFile: string;
}

/** `${env.NAME}` or `${env.NAME:-default}`, as rover and Apollo Router expand them. */
const VARIABLE = /\$\{env\.(\w+)(?::-([^}]*))?\}/g;

/**
 * Reads a supergraph configuration in rover's format
 * (https://www.apollographql.com/docs/rover/commands/supergraphs#yaml-configuration-file).
 * Subgraphs give their schema as `schema.file`; rover's other sources need a network.
 *
 * @param environment - what variables are expanded from
 * @throws {@link CompositionError} naming what is wrong, and where
 */
export async function readSupergraphConfig(
  file: string,
  environment: NodeJS.ProcessEnv,
): Promise<readonly SubgraphConfig[]> {
  const parsed = createConfigSchema(environment).safeParse(await readYaml(file));
  if (!parsed.success) {
    throw new CompositionError(
      file,
      parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`),
    );
  }
  return Object.entries(parsed.data.subgraphs).map(([name, { routing_url, schema }]) => ({
    name,
    url: routing_url,
    sdlFile: resolve(dirname(file), schema.file),
  }));
}

async function readYaml(file: string): Promise<unknown> {
  try {
    return parseYaml(await readFile(file, 'utf8'));
  } catch (error) {
    throw new CompositionError(file, [error instanceof Error ? error.message : String(error)]);
  }
}

function createConfigSchema(environment: NodeJS.ProcessEnv) {
  const text = z.string().transform((given, context) =>
    given.replace(VARIABLE, (_all, name: string, fallback: string | undefined) => {
      const value = environment[name] || fallback;
      if (value === undefined) {
        context.addIssue(`the environment variable ${name} is not set, and there is no default`);
      }
      return value ?? '';
    }),
  );
  return z.object({
    subgraphs: z.record(
      z.string(),
      z.object({
        routing_url: text.pipe(z.url({ protocol: /^https?$/, error: 'must be an http(s) URL' })),
        schema: z.object({ file: text }),
      }),
    ),
  });
}
