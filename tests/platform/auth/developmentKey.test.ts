import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { decodeJwt } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  readDevelopmentKey,
  signDevelopmentToken,
} from '../../../src/platform/auth/developmentKey.ts';
import { ConfigError } from '../../../src/platform/config.ts';

const TWELVE_HOURS = 12 * 60 * 60;

let dataDir: string;

beforeEach(async () => {
  dataDir = join(await mkdtemp(join(tmpdir(), 'development-key-')), 'data');
});

afterEach(() => rm(join(dataDir, '..'), { recursive: true }));

const local = () => ({ dataDir, production: false, jwks: undefined });

async function readKeyInAnotherProcess(): Promise<string> {
  const module = new URL('../../../src/platform/auth/developmentKey.ts', import.meta.url).href;
  const script = `
    const { readDevelopmentKey } = await import(${JSON.stringify(module)});
    console.log((await readDevelopmentKey(${JSON.stringify(local())})).d);`;
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--input-type=module',
    '--eval',
    script,
  ]);
  return stdout.trim();
}

describe('the development key', () => {
  it('lies in a file and a folder that only its owner can open', async () => {
    await readDevelopmentKey(local());

    const mode = async (path: string) => (await stat(path)).mode & 0o777;
    expect(await mode(join(dataDir, 'auth'))).toBe(0o700);
    expect(await mode(join(dataDir, 'auth', 'signing-key.json'))).toBe(0o600);
  });

  it('is the same for processes that all need it first', async () => {
    const keys = await Promise.all([
      readKeyInAnotherProcess(),
      readKeyInAnotherProcess(),
      readKeyInAnotherProcess(),
      ...Array.from({ length: 20 }, async () => (await readDevelopmentKey(local())).d),
    ]);

    expect(new Set(keys).size).toBe(1);
  });

  it('signs a verified e-mail address for twelve hours', async () => {
    const claims = decodeJwt(await signDevelopmentToken(local(), 'ada@example.org'));

    expect(claims).toMatchObject({
      sub: 'ada@example.org',
      email: 'ada@example.org',
      email_verified: true,
    });
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(TWELVE_HOURS);
  });

  it('is refused in production', async () => {
    const signing = signDevelopmentToken({ ...local(), production: true }, 'ada@example.org');

    await expect(signing).rejects.toThrow(ConfigError);
    await expect(signing).rejects.toThrow('NODE_ENV is production');
  });

  it('is refused where an identity provider is configured', async () => {
    const jwks = { url: 'https://id.example/jwks', issuer: 'https://id.example', audience: 'us' };

    const signing = signDevelopmentToken({ ...local(), jwks }, 'ada@example.org');

    await expect(signing).rejects.toThrow(ConfigError);
    await expect(signing).rejects.toThrow('JWKS_URL is set');
  });
});
