import type { IncomingMessage } from 'node:http';
import { PassThrough, type Readable } from 'node:stream';
import type { Config } from '../../../platform/config.ts';
import { badUserInput, ExpectedError, unauthenticated } from '../../../platform/errors.ts';
import type { RouteHandler } from '../../../platform/http/routes.ts';
import type { IdentityRuntime } from '../identityRuntime.ts';
import { assertPermission } from '../services/permissions.ts';
import { resolveUserId, rolesOfUser } from '../services/userService.ts';
import { readImportParameters } from './importParameters.ts';

/** An upload that stands still for longer is taken for dead: it holds a connection to the database. */
const UPLOAD_PAUSE_MS = 30_000;

/**
 * `POST /imports`: the body is a file of CSV or NDJSON, the query says what to do with it
 * (see {@link readImportParameters}). Answers 201 with the batch; with `dryRun=true`, 200 with what
 * would become of the file, as soon as enough of it has arrived.
 */
export function createImportRoute(
  { pool, imports }: IdentityRuntime,
  limits: Config['importLimits'],
): RouteHandler {
  return async (request, response, { caller }) => {
    if (caller === null) throw unauthenticated('Sign in: imports take a Bearer token.');
    const query = new URL(request.url ?? '/', 'http://localhost').searchParams;
    const { dryRun, ...parameters } = readImportParameters(query);
    const userId = await resolveUserId(pool, caller);
    const standing = (await rolesOfUser(pool, userId)).get(parameters.workspaceId) ?? null;
    assertPermission(standing, parameters.autoPromote ? 'canReview' : 'canCreate');
    assertNoForm(request);
    request.setTimeout(UPLOAD_PAUSE_MS, () => request.destroy(uploadStalled()));
    const file = bodyOf(request);
    const input = { ...parameters, createdBy: userId, file, limits };
    const answer = await (dryRun ? imports.previewFile(input) : imports.importFile(input)).finally(
      () => file.destroy(),
    );
    response
      .writeHead(dryRun ? 200 : 201, { 'content-type': 'application/json; charset=utf-8' })
      .end(JSON.stringify(answer));
  };
}

/** Its parts would be read as rows. */
function assertNoForm({ headers }: IncomingMessage): void {
  if (!headers['content-type']?.toLowerCase().startsWith('multipart/')) return;
  throw badUserInput(
    'file',
    'The body is a form. Send the file itself, with curl as --data-binary @FILE.',
  );
}

/**
 * The body of a request as a stream of its own. When it is closed early, what is left of the upload
 * is read and dropped, so that the client gets to read why.
 */
function bodyOf(request: IncomingMessage): Readable {
  const body = new PassThrough();
  request.on('error', (error) => {
    body.destroy(error instanceof ExpectedError ? error : uploadBrokeOff(error));
  });
  body.once('close', () => {
    request.unpipe(body);
    request.resume();
  });
  return request.pipe(body);
}

function uploadBrokeOff(cause: Error): ExpectedError {
  const message = 'The upload broke off. Send it again.';
  return new ExpectedError('BAD_USER_INPUT', message, { field: 'file' }, { cause });
}

function uploadStalled(): Error {
  return badUserInput('file', `The upload paused for ${UPLOAD_PAUSE_MS / 1_000} s. Send it again.`);
}
