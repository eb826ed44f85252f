import { GraphQLError } from 'graphql';
import type { TokenVerifier, VerifiedCaller } from '../auth/tokens.ts';
import { ExpectedError } from '../errors.ts';

/**
 * Who asks, or null without a token. A token that is refused ends the whole operation; per
 * GraphQL over HTTP that is status 401 for `application/graphql-response+json`, and 200 for
 * `application/json`, whose clients would not read the body of anything else.
 */
export async function authenticate(
  verifier: TokenVerifier,
  authorization: string | null,
): Promise<VerifiedCaller | null> {
  try {
    return await verifier.verify(authorization);
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    throw new GraphQLError(error.message, {
      originalError: error,
      extensions: {
        http: { status: 401, spec: true, headers: { 'www-authenticate': 'Bearer' } },
      },
    });
  }
}
