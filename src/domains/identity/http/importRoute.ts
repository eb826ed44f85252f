import type { IncomingMessage } from 'node:http';
import { PassThrough, type Readable } from 'node:stream';
import { z } from 'zod';
import type { Config } from '../../../platform/config.ts';
import {
  badUserInput,
  ExpectedError,
  notFound,
  unauthenticated,
} from '../../../platform/errors.ts';
import type { RouteHandler } from '../../../platform/http/routes.ts';
import type { IdentityRuntime } from '../identityRuntime.ts';
import { importFile } from '../services/imports/importService.ts';
import { assertPermission } from '../services/permissions.ts';
import { resolveUserId, rolesOfUser } from '../services/userService.ts';

/** An upload that stands still for longer is taken for dead: it holds a connection to the database. */
const UPLOAD_PAUSE_MS = 30_000;

const parametersSchema = z.object({
  workspaceId: z.uuid().toLowerCase(),
  profile: z.string(),
  title: z
    .string()
    .regex(/^[^\0]{1,200}$/u, 'use 1 to 200 characters')
    .optional(),
  autoPromote: z.enum(['true', 'false']).default('false'),
});

/**
 * `POST /imports`: the body is a file of CSV or NDJSON, the query says what to do with it (`workspaceId`,
 * `profile`, `title`, `autoPromote`, and any number of `map=column=field` and `set=field=value`).
 * Answers 201 with the batch.
 */
export function createImportRoute(
  { pool, ingestion }: IdentityRuntime,
  limits: Config['importLimits'],
): RouteHandler {
  return async (request, response, { caller }) => {
    if (caller === null) throw unauthenticated('Sign in: imports take a Bearer token.');
    const query = new URL(request.url ?? '/', 'http://localhost').searchParams;
    const { workspaceId, profile, title, autoPromote } = readParameters(query);
    const userId = await resolveUserId(pool, caller);
    const standing = (await rolesOfUser(pool, userId)).get(workspaceId) ?? null;
    assertPermission(standing, autoPromote ? 'canReview' : 'canCreate');
    request.setTimeout(UPLOAD_PAUSE_MS, () => request.destroy(uploadStalled()));
    const map = readPairs(query, 'map', 'column=field');
    const set = readPairs(query, 'set', 'field=value');
    const file = bodyOf(request);
    const imported = await importFile(ingestion.ingestStagedBatch, {
      workspaceId,
      createdBy: userId,
      profile,
      title: title ?? `Import — ${new Date().toISOString().slice(0, 10)}`,
      autoPromote,
      map,
      set,
      file,
      limits,
    }).finally(() => file.destroy());
    response
      .writeHead(201, { 'content-type': 'application/json; charset=utf-8' })
      .end(JSON.stringify(imported));
  };
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

function readParameters(query: URLSearchParams) {
  const parsed = parametersSchema.safeParse(Object.fromEntries(query));
  if (parsed.success) {
    return { ...parsed.data, autoPromote: parsed.data.autoPromote === 'true' };
  }
  const [issue] = parsed.error.issues;
  const parameter = String(issue?.path[0] ?? '');
  // A malformed id is the id of no workspace, like any other that is not there.
  if (parameter === 'workspaceId' && query.has('workspaceId')) throw notFound('workspace');
  throw badUserInput(parameter, `The query parameter ${parameter} is wrong: ${issue?.message}.`);
}

/** Columns may contain "=", fields don't. */
function readPairs(
  query: URLSearchParams,
  name: 'map' | 'set',
  form: 'column=field' | 'field=value',
): ReadonlyMap<string, string> {
  return new Map(
    query.getAll(name).map((pair) => {
      const at = name === 'map' ? pair.lastIndexOf('=') : pair.indexOf('=');
      if (at < 1) throw badUserInput(name, `"${name}=${pair}" is not of the form ${name}=${form}.`);
      return [pair.slice(0, at), pair.slice(at + 1)] as const;
    }),
  );
}
