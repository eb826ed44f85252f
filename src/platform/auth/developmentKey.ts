import { randomUUID } from 'node:crypto';
import { chmod, link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose';
import { type Config, ConfigError } from '../config.ts';

export const DEVELOPMENT_ISSUER = 'urn:identity-subgraph:development';
export const DEVELOPMENT_AUDIENCE = 'urn:identity-subgraph';
export const DEVELOPMENT_ALGORITHM = 'ES256';

const TOKEN_LIFETIME = '12h';

/** The settings that decide which tokens are trusted. */
export type TokenConfig = Pick<Config, 'dataDir' | 'production' | 'jwks'>;

/**
 * The signing key of this machine, made by whichever process asks first.
 *
 * @returns the private key as a JWK
 * @throws {@link ConfigError} in production and with `JWKS_URL`, where the key must not be trusted
 */
export async function readDevelopmentKey(config: TokenConfig): Promise<JWK> {
  refuseWhereTokensComeFromElsewhere(config);
  const directory = join(config.dataDir, 'auth');
  const file = join(directory, 'signing-key.json');
  return (await readKey(file)) ?? (await createKey(config.dataDir, directory, file));
}

/**
 * Signs a token for a person, as an identity provider would. Valid for twelve hours.
 *
 * @param email - also becomes the subject, so that the same address is the same user
 * @throws {@link ConfigError} in production and with `JWKS_URL`
 */
export async function signDevelopmentToken(config: TokenConfig, email: string): Promise<string> {
  const key = await readDevelopmentKey(config);
  return new SignJWT({ email, email_verified: true })
    .setProtectedHeader({ alg: DEVELOPMENT_ALGORITHM, typ: 'JWT' })
    .setIssuer(DEVELOPMENT_ISSUER)
    .setAudience(DEVELOPMENT_AUDIENCE)
    .setSubject(email)
    .setIssuedAt()
    .setExpirationTime(TOKEN_LIFETIME)
    .sign(await importJWK(key, DEVELOPMENT_ALGORITHM));
}

function refuseWhereTokensComeFromElsewhere({ production, jwks }: TokenConfig): void {
  if (jwks !== undefined) {
    throw new ConfigError(
      'JWKS_URL is set, so tokens come from your identity provider: get one there, or unset JWKS_URL to use the development signing key.',
    );
  }
  if (production) {
    throw new ConfigError(
      'NODE_ENV is production, where the development signing key is not used: set JWKS_URL and get tokens from your identity provider.',
    );
  }
}

async function readKey(file: string): Promise<JWK | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/**
 * Writes the key under a name of its own and links it into place. Linking fails when the name is
 * taken, so of several processes that start together one wins, and none ever reads half a file.
 */
async function createKey(dataDir: string, directory: string, file: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair(DEVELOPMENT_ALGORITHM, { extractable: true });
  const key = await exportJWK(privateKey);

  await mkdir(dataDir, { recursive: true });
  await mkdir(directory, { recursive: true });
  await chmod(directory, 0o700);
  const draft = join(directory, `.signing-key-${randomUUID()}.json`);
  try {
    await writeFile(draft, JSON.stringify(key), { mode: 0o600, flag: 'wx' });
    await link(draft, file);
    return key;
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) throw error;
    return JSON.parse(await readFile(file, 'utf8'));
  } finally {
    await rm(draft, { force: true });
  }
}

function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
