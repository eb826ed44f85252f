import { readFile, writeFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { printSubgraphSchema } from '@apollo/subgraph';
import type { GraphQLSchema } from 'graphql';

/** The SDL for composition, with the federation directives that `printSchema` drops. */
export function subgraphSdl(schema: GraphQLSchema): string {
  return `${printSubgraphSchema(schema).trim()}\n`;
}

/**
 * Writes a subgraph's SDL, or with `check` compares it and sets exit code 1 where it differs.
 *
 * @param file - absolute path of the committed SDL
 */
export async function writeOrCheckSdl(
  schema: GraphQLSchema,
  file: string,
  { check }: { readonly check: boolean },
): Promise<void> {
  const sdl = subgraphSdl(schema);
  const committed = await readFile(file, 'utf8').catch(() => undefined);
  if (committed === sdl) return;
  if (!check) return writeFile(file, sdl);
  const name = relative(process.cwd(), file);
  console.error(
    `${name} differs from the schema in code: run the script without --check, and commit it.`,
  );
  process.exitCode = 1;
}
