import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { cliPrefix } from '../../src/local/cliPrefix.ts';
import { readConfig } from '../../src/platform/config.ts';

it('is the bare command where nothing is set', () => {
  expect(cliPrefix(readConfig({}))).toBe('npm run --silent cli --');
});

it('reaches a supergraph with ports and a data folder of its own, whatever they are called', () => {
  const dataDir = "/tmp/Ada's data $HOME";
  const prefix = cliPrefix(readConfig({ GATEWAY_PORT: '4100', DATA_DIR: dataDir }));

  const probe = prefix.replace(/npm run .*/, `sh -c 'echo "$GATEWAY_PORT $DATA_DIR"'`);

  expect(execFileSync('sh', ['-c', probe], { encoding: 'utf8' })).toBe(`4100 ${dataDir}\n`);
});

it('is read as it stands where nothing needs quotes', () => {
  expect(cliPrefix(readConfig({ GATEWAY_PORT: '4100', DATA_DIR: '/srv/identity' }))).toBe(
    'GATEWAY_PORT=4100 DATA_DIR=/srv/identity npm run --silent cli --',
  );
});
