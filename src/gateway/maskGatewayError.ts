import type { GraphQLError } from 'graphql';
import { ERROR_CODES } from '../platform/errors.ts';
import {
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
const REQUEST_ERROR_CODES = ['BAD_REQUEST', 'GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED'];

/**
 * Decides what a client may see of an error that passes the gateway. Expected errors of subgraphs
 * pass as they are; everything else that happens behind the gateway is masked, because messages
 * and extensions name upstream addresses and carry whole requests.
 */
export function maskGatewayError(error: GraphQLError, context: MaskingContext): GraphQLError {
  const { [SUBGRAPH_NAME_EXTENSION]: subgraph, ...extensions } = error.extensions;
  if (ERROR_CODES.some((code) => code === extensions.code)) {
    return relocate(error, error.message, extensions);
  }
  if (extensions.code === FIELD_NOT_ALLOWED) {
    return relocate(error, 'Your token does not allow this field.', { code: 'FORBIDDEN' });
  }
  if (isAboutTheRequest(error)) return maskError(error, context);

  const { logger, requestId } = context;
  const { message, path, originalError: err } = error;
  logger.error({ requestId, subgraph, code: extensions.code, path, err }, message);
  return internalServerError(error, requestId);
}

function isAboutTheRequest({ path, extensions, originalError }: GraphQLError): boolean {
  if (REQUEST_ERROR_CODES.some((code) => code === extensions.code)) return true;
  // GraphQL gives variables that do not fit their types no code, and no path.
  return extensions.code === undefined && path === undefined && originalError === undefined;
}
