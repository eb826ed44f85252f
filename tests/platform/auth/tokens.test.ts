import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signDevelopmentToken } from '../../../src/platform/auth/developmentKey.ts';
import { createTokenVerifier } from '../../../src/platform/auth/tokens.ts';
import { ExpectedError } from '../../../src/platform/errors.ts';

const ISSUER = 'https://id.example';
const AUDIENCE = 'identity-subgraph';

let dataDir: string;
let provider: Server;
let jwksUrl: string;
const trusted = await generateKeyPair('RS256');
const strange = await generateKeyPair('RS256');

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'tokens-'));
  const key = { ...(await exportJWK(trusted.publicKey)), alg: 'RS256', kid: 'current' };
  provider = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: [key] }));
  });
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
  const { port } = provider.address() as AddressInfo;
  jwksUrl = `http://127.0.0.1:${port}/jwks`;
});

afterAll(async () => {
  provider.close();
  await rm(dataDir, { recursive: true });
});

const local = () => ({ dataDir, production: false, jwks: undefined });
const withProvider = (url = jwksUrl) =>
  createTokenVerifier({
    dataDir,
    production: true,
    jwks: { url, issuer: ISSUER, audience: AUDIENCE },
  });

const claims = (alg = 'RS256') =>
  new SignJWT({ email: 'ada@example.org', email_verified: false, name: 'Ada' })
    .setProtectedHeader({ alg, kid: 'current' })
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setSubject('user-1')
    .setExpirationTime('5m');

describe('with the development key', () => {
  it('says who a development token speaks for', async () => {
    const token = await signDevelopmentToken(local(), 'ada@example.org');

    expect(await createTokenVerifier(local()).verify(`Bearer ${token}`)).toEqual({
      issuer: 'urn:identity-subgraph:development',
      subject: 'ada@example.org',
      email: 'ada@example.org',
      emailVerified: true,
      name: null,
      tokenExpiresAt: expect.any(Date),
    });
  });

  it('knows no one where there is no header', async () => {
    expect(await createTokenVerifier(local()).verify(null)).toBeNull();
  });

  it.each(['', 'Bearer', 'Basic YTpi', 'Bearer a b'])('refuses the header "%s"', async (header) => {
    await expect(createTokenVerifier(local()).verify(header)).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
      message: 'The Authorization header must read "Bearer <token>".',
    });
  });

  it('refuses a token of an identity provider', async () => {
    const token = await claims().sign(trusted.privateKey);

    await expect(createTokenVerifier(local()).verify(`Bearer ${token}`)).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    });
  });
});

describe('with an identity provider', () => {
  it('says who its token speaks for', async () => {
    const expiresAt = new Date('2999-01-01T00:00:00Z');
    const token = await claims().setExpirationTime(expiresAt).sign(trusted.privateKey);

    expect(await withProvider().verify(`Bearer ${token}`)).toEqual({
      issuer: ISSUER,
      subject: 'user-1',
      email: 'ada@example.org',
      emailVerified: false,
      name: 'Ada',
      tokenExpiresAt: expiresAt,
    });
  });

  const symmetric = new TextEncoder().encode('a secret of at least thirty-two bytes');
  const refused: Record<string, [() => string | Promise<string>, string]> = {
    'a token that is none': [() => 'nonsense', 'malformed'],
    'an expired token': [
      () => claims().setExpirationTime('-1m').sign(trusted.privateKey),
      'expired',
    ],
    'a token that never expires': [
      () =>
        new SignJWT({})
          .setProtectedHeader({ alg: 'RS256' })
          .setIssuer(ISSUER)
          .setAudience(AUDIENCE)
          .setSubject('user-1')
          .sign(trusted.privateKey),
      '"exp"',
    ],
    'a token signed by another key': [() => claims().sign(strange.privateKey), 'not signed by'],
    'a token of another issuer': [
      () => claims().setIssuer('https://evil.example').sign(trusted.privateKey),
      '"iss"',
    ],
    'a token for another audience': [
      () => claims().setAudience('another').sign(trusted.privateKey),
      '"aud"',
    ],
    'a symmetric signature': [() => claims('HS256').sign(symmetric), 'algorithm'],
    'no signature at all': [
      async () => {
        const [, payload] = (await claims().sign(trusted.privateKey)).split('.');
        const header = Buffer.from('{"alg":"none"}').toString('base64url');
        return `${header}.${payload}.`;
      },
      'algorithm',
    ],
    'a development token': [() => signDevelopmentToken(local(), 'ada@example.org'), 'not signed'],
  };

  it.each(Object.keys(refused))('refuses %s', async (name) => {
    const [makeToken, reason] = refused[name] ?? [() => '', ''];

    const verifying = withProvider().verify(`Bearer ${await makeToken()}`);

    await expect(verifying).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    await expect(verifying).rejects.toThrow(reason);
  });

  it('does not blame the token when the provider is away', async () => {
    const token = await claims().sign(trusted.privateKey);

    const error = await withProvider('http://127.0.0.1:9/jwks')
      .verify(`Bearer ${token}`)
      .catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(Error);
    expect(error).not.toBeInstanceOf(ExpectedError);
  });
});
