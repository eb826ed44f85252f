import { GraphQLError } from 'graphql';
import { ERROR_CODES, ExpectedError } from '../platform/errors.ts';
import { logUnexpectedError } from '../platform/graphql/logUnexpectedError.ts';
import {
  findOriginalError,
  internalServerError,
  type MaskingContext,
  maskError,
  relocate,
} from '../platform/graphql/maskError.ts';

/** The runtime puts the name of the subgraph that an error came from here. */
export const SUBGRAPH_NAME_EXTENSION = 'serviceName';

/** What the runtime says of fields that the schema itself reserves, by directives. */
const FIELD_NOT_ALLOWED = 'UNAUTHORIZED_FIELD_OR_TYPE';

/** Of errors about a request that is no valid operation; Yoga raises them. */
const REQUEST_ERROR_CODES = [
  'BAD_REQUEST',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'REQUEST_ENTITY_TOO_LARGE',
];

export interface GatewayMaskingContext extends MaskingContext {
  /** Whether the request came with a token. */
  readonly signedIn: boolean;
}

/**
 * Decides what a client may see of an error that passes the gateway. Expected errors of subgraphs
 * pass as they are; everything else that happens behind the gateway is masked, because messages
 * and extensions name upstream addresses and carry whole requests.
 */
export function maskGatewayError(
  error: GraphQLError,
  context: GatewayMaskingContext,
): GraphQLError {
  const { [SUBGRAPH_NAME_EXTENSION]: subgraph, ...extensions } = error.extensions;
  if (ERROR_CODES.some((code) => code === extensions.code)) {
    return relocate(error, error.message, extensions);
  }
  if (extensions.code === FIELD_NOT_ALLOWED) {
    return context.signedIn
      ? relocate(error, 'Your token does not allow this field.', { code: 'FORBIDDEN' })
      : relocate(error, 'Sign in: this takes a bearer token.', { code: 'UNAUTHENTICATED' });
  }
  if (subgraph === undefined && isRaisedHere(error)) return maskError(error, context);

  const { logger, requestId } = context;
  const { message, path } = error;
  const { code } = extensions;
  logUnexpectedError(logger, findOriginalError(error), message, {
    requestId,
    subgraph,
    code,
    path,
  });
  return internalServerError(error, requestId);
}

/** Whether the gateway itself said this of a request, and not something behind it. */
function isRaisedHere(error: GraphQLError): boolean {
  const { path, extensions } = error;
  if (REQUEST_ERROR_CODES.some((code) => code === extensions.code)) return true;
  const original = findOriginalError(error);
  if (original instanceof ExpectedError) return true;
  // GraphQL gives variables that do not fit their types no code, and no path.
  return original instanceof GraphQLError && extensions.code === undefined && path === undefined;
}
