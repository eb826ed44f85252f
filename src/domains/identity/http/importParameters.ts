import { z } from 'zod';
import { badUserInput, notFound } from '../../../platform/errors.ts';
import { DATE_ORDERS } from '../profiles/formats/dates.ts';
import { DECIMAL_SEPARATORS } from '../profiles/formats/valueFormats.ts';
import type { ImportFileInput } from '../services/imports/importService.ts';
import { DELIMITERS, ENCODINGS } from '../services/imports/reading/table.ts';

const text = z.string().regex(/^[^\0]{1,200}$/u, 'use 1 to 200 characters');
const boolean = z.enum(['true', 'false']).transform((value) => value === 'true');

const parametersSchema = z.strictObject({
  workspaceId: z.uuid().toLowerCase(),
  profile: z.string(),
  title: text.optional(),
  autoPromote: boolean.default(false),
  fileName: text.optional(),
  mapping: text.optional(),
  saveMapping: text.optional(),
  dateOrder: z.enum(DATE_ORDERS).optional(),
  decimalSeparator: z.enum(DECIMAL_SEPARATORS).optional(),
  blankErases: boolean.optional(),
  encoding: z.enum(ENCODINGS).optional(),
  delimiter: z.enum(DELIMITERS).optional(),
  dryRun: boolean.default(false),
  // Of these there may be several: readPairs.
  map: z.string().optional(),
  set: z.string().optional(),
});

/** What the query of an import asks for. */
export interface ImportParameters extends Omit<ImportFileInput, 'createdBy' | 'file' | 'limits'> {
  /** Whether only to say what would become of the file. */
  readonly dryRun: boolean;
}

/**
 * Reads the query of `POST /imports`: `workspaceId` and `profile`, `title`, `autoPromote`, `fileName`,
 * `mapping`, `saveMapping`, `dateOrder`, `decimalSeparator`, `blankErases`, `encoding`, `delimiter`,
 * `dryRun`, and any number of `map=column=field` and `set=field=value`.
 *
 * @throws `BAD_USER_INPUT` naming the parameter, also where it is unknown: a `dryrun` that was ignored
 *   would import
 */
export function readImportParameters(query: URLSearchParams): ImportParameters {
  const given = parse(query);
  const { workspaceId, profile, title, autoPromote, dryRun, encoding, delimiter } = given;
  return {
    ...{ workspaceId, profile, autoPromote, dryRun },
    title: title ?? `Import — ${new Date().toISOString().slice(0, 10)}`,
    mapping: given.mapping ?? null,
    saveMapping: given.saveMapping ?? null,
    asked: {
      map: readPairs(query, 'map').map(([column, field]) => ({ column, field: field || null })),
      set: readValues(query),
      dateOrder: given.dateOrder ?? null,
      decimalSeparator: given.decimalSeparator ?? null,
      blankErases: given.blankErases ?? null,
      format: { ...(encoding && { encoding }), ...(delimiter && { delimiter }) },
      fileName: given.fileName ?? null,
    },
  };
}

const FORMS = { map: 'column=field', set: 'field=value' } as const;

function parse(query: URLSearchParams): z.infer<typeof parametersSchema> {
  for (const name of query.keys()) {
    if (name in FORMS || query.getAll(name).length === 1) continue;
    throw badUserInput(name, `The query parameter ${name} is given more than once.`);
  }
  const parsed = parametersSchema.safeParse(Object.fromEntries(query));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (issue?.code === 'unrecognized_keys') {
    const known = Object.keys(parametersSchema.shape).join(', ');
    const [name = ''] = issue.keys;
    throw badUserInput(name, `There is no query parameter ${name}. Use ${known}.`);
  }
  const parameter = String(issue?.path[0] ?? '');
  // A malformed id is the id of no workspace, like any other that is not there.
  if (parameter === 'workspaceId' && query.has('workspaceId')) throw notFound('workspace');
  const problem = query.has(parameter) ? `is wrong: ${issue?.message}` : 'is missing';
  throw badUserInput(parameter, `The query parameter ${parameter} ${problem}.`);
}

function readValues(query: URLSearchParams): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const [field, value] of readPairs(query, 'set')) {
    if (values.has(field)) throw badUserInput('set', `"${field}" is set more than once.`);
    values.set(field, value);
  }
  return values;
}

/** Columns may contain "="., fields don't. */
function readPairs(query: URLSearchParams, name: 'map' | 'set'): [string, string][] {
  return query.getAll(name).map((pair) => {
    const at = name === 'map' ? pair.lastIndexOf('=') : pair.indexOf('=');
    if (at >= 1) return [pair.slice(0, at), pair.slice(at + 1)];
    throw badUserInput(name, `"${name}=${pair}" is not of the form ${name}=${FORMS[name]}.`);
  });
}
