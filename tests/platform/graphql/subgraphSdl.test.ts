import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { subgraphSdl, writeOrCheckSdl } from '../../../src/platform/graphql/subgraphSdl.ts';

const schema = buildSubgraphSchema(
  parse(`
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
    type Query { user: User }
    type User @key(fields: "id") { id: ID! }
  `),
);

let directory: string;
let file: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sdl-'));
  file = join(directory, 'schema.graphql');
});
afterEach(async () => {
  process.exitCode = undefined;
  vi.restoreAllMocks();
  await rm(directory, { recursive: true });
});

describe('the SDL of a subgraph', () => {
  it('keeps the federation directives', () => {
    expect(subgraphSdl(schema)).toContain('@key(fields: "id")');
  });

  it('is written, and passes the check afterwards', async () => {
    await writeOrCheckSdl(schema, file, { check: false });
    await writeOrCheckSdl(schema, file, { check: true });

    expect(await readFile(file, 'utf8')).toBe(subgraphSdl(schema));
    expect(process.exitCode).toBeUndefined();
  });

  it('fails the check where the file is another', async () => {
    const report = vi.spyOn(console, 'error').mockImplementation(() => {});

    await writeOrCheckSdl(schema, file, { check: true });

    expect(process.exitCode).toBe(1);
    expect(report).toHaveBeenCalledWith(expect.stringContaining('schema.graphql differs'));
  });
});
