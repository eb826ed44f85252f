import {
  createRemoteJWKSet,
  errors,
  importJWK,
  type JWTPayload,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
  jwtVerify,
} from 'jose';
import type { Config } from '../config.ts';
import { type ExpectedError, unauthenticated } from '../errors.ts';
import {
  DEVELOPMENT_ALGORITHM,
  DEVELOPMENT_AUDIENCE,
  DEVELOPMENT_ISSUER,
  readDevelopmentKey,
  type TokenConfig,
} from './developmentKey.ts';

/** Who a verified token speaks for. A user is the pair of `issuer` and `subject`. */
export interface Caller {
  readonly issuer: string;
  readonly subject: string;
  readonly email: string | null;
  readonly emailVerified: boolean;
  readonly name: string | null;
}

/** A caller as a token says who they are. */
export interface VerifiedCaller extends Caller {
  readonly tokenExpiresAt: Date;
}

export interface TokenVerifier {
  /**
   * @param authorization - the request's `Authorization` header, or null where it has none
   * @returns null when there is no header
   * @throws an `UNAUTHENTICATED` {@link ExpectedError} that says what is wrong with the token
   */
  verify(authorization: string | null): Promise<VerifiedCaller | null>;
}

/**
 * Asymmetric ones only: with a symmetric algorithm whoever can verify could also sign, and a public
 * key could be passed off as a shared secret.
 */
const ACCEPTED_ALGORITHMS = [
  ...['ES256', 'ES384', 'ES512'],
  ...['RS256', 'RS384', 'RS512'],
  ...['PS256', 'PS384', 'PS512'],
  ...['EdDSA', 'Ed25519'],
];

/** Verifies tokens against `JWKS_URL`, or against the development key where that is not set. */
export function createTokenVerifier(config: TokenConfig): TokenVerifier {
  const { getKey, ...accepted } =
    config.jwks === undefined ? developmentTrust(config) : providerTrust(config.jwks);
  const options: JWTVerifyOptions = { ...accepted, requiredClaims: ['sub', 'exp'] };
  return {
    async verify(authorization) {
      if (authorization === null) return null;
      const token = readBearerToken(authorization);
      try {
        const { payload } = await jwtVerify(token, getKey, options);
        return readCaller(payload);
      } catch (error) {
        throw explainRefusal(error) ?? error;
      }
    },
  };
}

interface Trust {
  readonly getKey: JWTVerifyGetKey;
  readonly issuer: string;
  readonly audience: string;
  readonly algorithms: string[];
}

function providerTrust({ url, issuer, audience }: NonNullable<Config['jwks']>): Trust {
  return {
    getKey: createRemoteJWKSet(new URL(url)),
    issuer,
    audience,
    algorithms: ACCEPTED_ALGORITHMS,
  };
}

function developmentTrust(config: TokenConfig): Trust {
  let publicKey: Awaited<ReturnType<JWTVerifyGetKey>> | undefined;
  return {
    getKey: async () => {
      publicKey ??= await readDevelopmentPublicKey(config);
      return publicKey;
    },
    issuer: DEVELOPMENT_ISSUER,
    audience: DEVELOPMENT_AUDIENCE,
    algorithms: [DEVELOPMENT_ALGORITHM],
  };
}

async function readDevelopmentPublicKey(config: TokenConfig) {
  const { d: _private, ...key } = await readDevelopmentKey(config);
  return importJWK(key, DEVELOPMENT_ALGORITHM);
}

function readBearerToken(authorization: string): string {
  const token = /^Bearer +([^\s]+)$/i.exec(authorization.trim())?.[1];
  if (token === undefined) {
    throw unauthenticated('The Authorization header must read "Bearer <token>".');
  }
  return token;
}

function readCaller({ iss, sub, exp, email, email_verified, name }: JWTPayload): VerifiedCaller {
  if (!iss || !sub) throw unauthenticated('The token names no issuer or no subject.');
  if (exp === undefined) throw unauthenticated('The token does not say when it expires.');
  return {
    issuer: iss,
    subject: sub,
    email: typeof email === 'string' ? email : null,
    emailVerified: email_verified === true,
    name: typeof name === 'string' ? name : null,
    tokenExpiresAt: new Date(exp * 1000),
  };
}

export function tokenExpired(): ExpectedError {
  return unauthenticated('The token has expired: sign in again.');
}

/** Undefined where the fault is not the token's, such as an identity provider that is away. */
function explainRefusal(error: unknown): ExpectedError | undefined {
  if (error instanceof errors.JWTExpired) return tokenExpired();
  if (error instanceof errors.JWTClaimValidationFailed) {
    return unauthenticated(`The token's claim "${error.claim}" is missing or not accepted here.`);
  }
  if (error instanceof errors.JOSEAlgNotAllowed) {
    return unauthenticated('The token is signed with an algorithm that is not accepted here.');
  }
  if (
    error instanceof errors.JWSSignatureVerificationFailed ||
    error instanceof errors.JWKSNoMatchingKey
  ) {
    return unauthenticated('The token is not signed by a key that is trusted here.');
  }
  if (
    error instanceof errors.JWSInvalid ||
    error instanceof errors.JWTInvalid ||
    error instanceof errors.JOSENotSupported
  ) {
    return unauthenticated('The token is malformed.');
  }
  return undefined;
}
