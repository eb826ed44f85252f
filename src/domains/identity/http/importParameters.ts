import { z } from 'zod';
import { badUserInput, notFound } from '../../../platform/errors.ts';
import { DATE_ORDERS } from '../profiles/formats/dates.ts';
import { DECIMAL_SEPARATORS } from '../profiles/formats/valueFormats.ts';
import type { ImportFileInput } from '../services/imports/importService.ts';
import { DELIMITERS, ENCODINGS } from '../services/imports/reading/table.ts';

const text = z.string().regex(/^[^\0]{1,200}$/u, 'use 1 to 200 characters');
const boolean = z.enum(['true', 'false']).transform((value) => value === 'true');

const parametersSchema = z.object({
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
 * @throws `BAD_USER_INPUT` naming the parameter
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
      set: new Map(readPairs(query, 'set')),
      dateOrder: given.dateOrder ?? null,
      decimalSeparator: given.decimalSeparator ?? null,
      blankErases: given.blankErases ?? null,
      format: { ...(encoding && { encoding }), ...(delimiter && { delimiter }) },
      fileName: given.fileName ?? null,
    },
  };
}

function parse(query: URLSearchParams): z.infer<typeof parametersSchema> {
  const parsed = parametersSchema.safeParse(Object.fromEntries(query));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const parameter = String(issue?.path[0] ?? '');
  // A malformed id is the id of no workspace, like any other that is not there.
  if (parameter === 'workspaceId' && query.has('workspaceId')) throw notFound('workspace');
  throw badUserInput(parameter, `The query parameter ${parameter} is wrong: ${issue?.message}.`);
}

const FORMS = { map: 'column=field', set: 'field=value' } as const;

/** Columns may contain "=", fields don't. */
function readPairs(query: URLSearchParams, name: 'map' | 'set'): [string, string][] {
  return query.getAll(name).map((pair) => {
    const at = name === 'map' ? pair.lastIndexOf('=') : pair.indexOf('=');
    if (at >= 1) return [pair.slice(0, at), pair.slice(at + 1)];
    throw badUserInput(name, `"${name}=${pair}" is not of the form ${name}=${FORMS[name]}.`);
  });
}
