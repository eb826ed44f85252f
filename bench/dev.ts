import { type DevelopedSupergraph, developSupergraph } from './developedSupergraph.ts';
import { median, percentile, seconds } from './measure.ts';
import type { BenchResult } from './result.ts';

const SDL = 'src/domains/identity/schema.graphql';
const SOURCE = 'src/domains/identity/graphql/user.ts';

/**
 * How long after a file was saved `npm run dev` serves what has changed in it: SDL, and sources of
 * the identity subgraph. The floor is when the subgraph itself serves it, which has no gateway in
 * front of it and nothing to compose.
 *
 * @param edits - how many of each
 */
export async function benchDev(edits: number): Promise<BenchResult> {
  const supergraph = await developSupergraph();
  const sdl: number[] = [];
  const source: number[] = [];
  const subgraph: number[] = [];
  try {
    for (let edit = 1; edit <= edits; edit += 1) {
      sdl.push(await seconds(() => editSdl(supergraph, edit)));
    }
    for (let edit = 1; edit <= edits; edit += 1) {
      const served = editSource(supergraph, edit);
      const [alone, all] = await Promise.all([
        seconds(() => served(supergraph.identityUrl)),
        seconds(() => served(supergraph.gatewayUrl)),
      ]);
      subgraph.push(alone);
      source.push(all);
    }
  } finally {
    await supergraph.stop();
  }
  return {
    name: 'dev',
    entities: edits,
    seconds: median(source),
    floorSeconds: median(subgraph),
    ratio: median(source) / median(subgraph),
    peakRssMb: process.resourceUsage().maxRSS / 1024,
    'source: p95 seconds': percentile(source, 95),
    'SDL: median seconds': median(sdl),
    'SDL: p95 seconds': percentile(sdl, 95),
  };
}

/** What the gateway says of a type tells which supergraph it serves. */
async function editSdl(supergraph: DevelopedSupergraph, edit: number): Promise<void> {
  await supergraph.edit(SDL, (text) =>
    text.replace(
      /(?:"""Edited \d+"""\nscalar Edited\d+\n)?$/,
      `"""Edited ${edit}"""\nscalar Edited${edit}\n`,
    ),
  );
  await supergraph.until(
    supergraph.gatewayUrl,
    `{ __type(name: "Edited${edit}") { description } }`,
    { __type: { description: `Edited ${edit}` } },
  );
}

/** @returns waits until an endpoint answers the field that was added */
function editSource(supergraph: DevelopedSupergraph, edit: number) {
  const field = `edited${edit}`;
  const saved = supergraph.edit(
    SOURCE,
    (text) => `${text}builder.queryField('${field}', (t) => t.int({ resolve: () => ${edit} }));\n`,
  );
  return async (url: string): Promise<void> => {
    await saved;
    await supergraph.until(url, `{ ${field} }`, { [field]: edit });
  };
}
