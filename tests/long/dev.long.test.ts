import { afterAll, beforeAll, expect, it } from 'vitest';
import { type DevelopedSupergraph, developSupergraph } from '../../bench/developedSupergraph.ts';

const SOURCE = 'src/domains/identity/graphql/user.ts';

let supergraph: DevelopedSupergraph;
beforeAll(async () => {
  supergraph = await developSupergraph();
}, 120_000);

afterAll(() => supergraph?.stop());

function addField(name: string, value: number) {
  return (text: string): string =>
    `${text}builder.queryField('${name}', (t) => t.int({ resolve: () => ${value} }));\n`;
}

it('serves a field through the gateway once its source is saved, and its SDL is written', async () => {
  await supergraph.edit(SOURCE, addField('first', 1));

  await supergraph.until(supergraph.gatewayUrl, '{ first }', { first: 1 });
});

it('goes on as it was while a source is broken, says why, and mends when that is mended', async () => {
  await supergraph.edit(SOURCE, (text) => `${text}throw new Error('half a thought');\n`);
  await supergraph.says('half a thought');
  await supergraph.says('identity: waits for its sources to change');
  await supergraph.until(supergraph.gatewayUrl, '{ first }', { first: 1 });

  await supergraph.edit(SOURCE, (text) =>
    addField('second', 2)(text.replace(/throw new Error.*\n/, '')),
  );
  await supergraph.until(supergraph.gatewayUrl, '{ first second }', { first: 1, second: 2 });
});

it('keeps the supergraph that composed while one subgraph contradicts another', async () => {
  await supergraph.edit(
    'src/domains/enrollment/graphql/program.ts',
    (text) =>
      `${text}builder.queryField('me', (t) => t.string({ resolve: () => 'no user, but text' }));\n`,
  );
  await supergraph.says('FIELD_TYPE_MISMATCH');

  await supergraph.until(supergraph.gatewayUrl, '{ first }', { first: 1 });
});

it('stops with all that it has started when it is told to', async () => {
  expect(await supergraph.stop()).toBe(0);
  await expect(fetch(supergraph.gatewayUrl)).rejects.toThrow();
  await expect(fetch(supergraph.identityUrl)).rejects.toThrow();
});
