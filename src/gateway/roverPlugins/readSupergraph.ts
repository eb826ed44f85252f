import { readFile } from 'node:fs/promises';
import { type ConstDirectiveNode, Kind, parse } from 'graphql';
import type { Supergraph } from '../composeSupergraph.ts';

/**
 * Reads a composed supergraph from its file. Subgraphs and their addresses stand in it as values of
 * the enum `join__Graph` (https://specs.apollo.dev/join/v0.3).
 *
 * @throws Error where the file is no GraphQL
 */
export async function readSupergraph(file: string): Promise<Supergraph> {
  const sdl = await readFile(file, 'utf8');
  const graphs = parse(sdl).definitions.flatMap((node) =>
    node.kind === Kind.ENUM_TYPE_DEFINITION && node.name.value === 'join__Graph'
      ? (node.values ?? [])
      : [],
  );
  const subgraphs = graphs.flatMap(({ directives = [] }) =>
    directives
      .filter(({ name }) => name.value === 'join__graph')
      .map((directive) => ({ name: text(directive, 'name'), url: text(directive, 'url') })),
  );
  return { sdl, subgraphs };
}

function text({ arguments: given = [] }: ConstDirectiveNode, name: string): string {
  const value = given.find((argument) => argument.name.value === name)?.value;
  return value?.kind === Kind.STRING ? value.value : '';
}
