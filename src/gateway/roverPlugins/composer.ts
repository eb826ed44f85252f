/**
 * What rover runs to compose, where Apollo's own plugin is not there: `compose FILE` prints the
 * supergraph, or the problems, as that plugin does.
 */
import { readFile } from 'node:fs/promises';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { type Composition, composeSubgraphs } from '../composeSubgraphs.ts';

/** Rover puts the SDL in, and expands variables. */
const configSchema = z.object({
  subgraphs: z.record(
    z.string(),
    z.object({ routing_url: z.string(), schema: z.object({ sdl: z.string() }) }),
  ),
});

const [command, file] = process.argv.slice(2);
if (command === 'compose' && file !== undefined) {
  console.log(JSON.stringify(toPluginResult(await compose(file))));
} else {
  console.error(
    "This is not Apollo's supergraph plugin, but what this project gives rover in its place: @theguild/federation-composition (MIT). Usage: compose FILE",
  );
  process.exitCode = 2;
}

async function compose(configFile: string): Promise<Composition> {
  const { subgraphs } = configSchema.parse(parseYaml(await readFile(configFile, 'utf8')));
  return composeSubgraphs(
    Object.entries(subgraphs).map(([name, { routing_url, schema }]) => ({
      name,
      url: routing_url,
      sdl: schema.sdl,
    })),
  );
}

function toPluginResult(composition: Composition) {
  if (!composition.problems) return { Ok: { supergraphSdl: composition.sdl, hints: [] } };
  return {
    Err: {
      build_errors: composition.problems.map(({ message, code = null }) => ({
        message,
        code,
        type: 'composition',
        nodes: [],
        omittedNodesCount: 0,
      })),
    },
  };
}
