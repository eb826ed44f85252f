import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Caller, TokenVerifier } from '../auth/tokens.ts';
import { type ErrorCode, ExpectedError } from '../errors.ts';
import { maskError } from '../graphql/maskError.ts';
import type { Logger } from '../logger.ts';
import { REQUEST_ID_HEADER, readRequestId } from './requestId.ts';

/** What a route knows of its caller; null stands for no token. */
export interface RouteContext {
  readonly caller: Caller | null;
  /** The header as it came, to be passed on to other services. */
  readonly authorization: string | null;
  readonly requestId: string;
}

/** A plain Node handler, for bodies that must stream. What it throws is answered as JSON. */
export type RouteHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  context: RouteContext,
) => Promise<void>;

/** Handlers by method and path, such as `POST /imports`. */
export type Routes = Readonly<Record<string, RouteHandler>>;

const STATUS_BY_CODE: Readonly<Record<ErrorCode, number>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  BAD_USER_INPUT: 400,
  EMPTY_WORKSPACE: 422,
  AUDIT_IN_PROGRESS: 409,
  CONFLICT: 409,
  QUEUE_UNAVAILABLE: 503,
  SERVICE_UNAVAILABLE: 503,
};

/** @returns undefined where no route fits the request */
export function findRoute(
  routes: Routes,
  { method, url }: IncomingMessage,
): RouteHandler | undefined {
  const path = url?.split('?', 1)[0];
  return routes[`${method} ${path}`];
}

/** Authenticates, runs the handler, and translates what it throws as GraphQL errors are. */
export async function runRoute(
  handler: RouteHandler,
  request: IncomingMessage,
  response: ServerResponse,
  { verifier, logger }: { readonly verifier: TokenVerifier; readonly logger: Logger },
): Promise<void> {
  const requestId = readRequestId(request.headers[REQUEST_ID_HEADER]);
  response.setHeader(REQUEST_ID_HEADER, requestId);
  try {
    const authorization = request.headers.authorization ?? null;
    const caller = await verifier.verify(authorization);
    await handler(request, response, { caller, authorization, requestId });
  } catch (error) {
    const { message, extensions } = maskError(error, { logger, requestId });
    const { unexpected: _mark, ...visible } = extensions;
    sendError(response, statusOf(error), { errors: [{ message, extensions: visible }] });
  }
}

function statusOf(error: unknown): number {
  return error instanceof ExpectedError ? STATUS_BY_CODE[error.code] : 500;
}

function sendError(response: ServerResponse, status: number, body: object): void {
  // Too late for a status: a broken connection is the one way left to say that it failed.
  if (response.headersSent) response.destroy();
  else
    response
      .writeHead(status, { 'content-type': 'application/json; charset=utf-8' })
      .end(JSON.stringify(body));
}
