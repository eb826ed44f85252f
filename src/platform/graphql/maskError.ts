import { GraphQLError } from 'graphql';
import { type ErrorCode, ExpectedError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { logUnexpectedError } from './logUnexpectedError.ts';

export interface MaskingContext {
  readonly logger: Logger;
  readonly requestId: string;
}

/**
 * Decides what a client may see of an error, and logs it. An {@link ExpectedError} keeps its
 * message, code and details; so does what GraphQL itself says of a document or its variables.
 * Anything else is masked as {@link internalServerError}.
 *
 * @param error - whatever was thrown, bare or wrapped in a GraphQLError
 */
export function maskError(error: unknown, { logger, requestId }: MaskingContext): GraphQLError {
  const located = error instanceof GraphQLError ? error : undefined;
  const cause = findOriginalError(error);

  if (cause instanceof ExpectedError) {
    const { code, details, message } = cause;
    logger.info({ requestId, code, details, path: located?.path }, message);
    return relocate(located, message, { ...details, code });
  }
  if (located && cause instanceof GraphQLError && cause.extensions.unexpected !== true) {
    return relocate(located, located.message, { ...codeOfVariables(cause), ...cause.extensions });
  }
  logUnexpectedError(logger, cause, 'Unexpected error', { requestId, path: located?.path });
  return internalServerError(located, requestId);
}

/** GraphQL gives variables that do not fit their types no code, and no path. */
function codeOfVariables({ path }: GraphQLError): { readonly code?: ErrorCode } {
  return path === undefined ? { code: 'BAD_USER_INPUT' } : {};
}

/** What clients see of a defect or an outage. The log line has the same request id. */
export function internalServerError(
  located: GraphQLError | undefined,
  requestId: string,
): GraphQLError {
  const message = 'Something went wrong on our side. Quote the request id when you report it.';
  return relocate(located, message, {
    code: 'INTERNAL_SERVER_ERROR',
    requestId,
    // Yoga answers with status 500 where it sees this mark and no data, and takes it off.
    unexpected: true,
  });
}

/** What was thrown in the first place: GraphQL wraps it to add the path. */
export function findOriginalError(error: unknown): unknown {
  return error instanceof GraphQLError && error.originalError
    ? findOriginalError(error.originalError)
    : error;
}

/** An error at the place of another, which also keeps what that one says of the HTTP response. */
export function relocate(
  located: GraphQLError | undefined,
  message: string,
  extensions: GraphQLError['extensions'],
): GraphQLError {
  const { nodes, source, positions, path, extensions: given } = located ?? {};
  return new GraphQLError(message, {
    nodes,
    source,
    positions,
    path,
    extensions: given?.http ? { ...extensions, http: given.http } : extensions,
  });
}
