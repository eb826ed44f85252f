import type { Pool } from 'pg';
import sql from 'sql-template-tag';
import { badUserInput, ExpectedError } from '../../../../platform/errors.ts';
import { isDatabaseError, UNIQUE_VIOLATION } from '../../../../platform/postgres/pool.ts';
import { batchTitle } from '../staging/batchTitle.ts';
import type { IngestStagedBatch } from '../staging/ingestionService.ts';
import type { BatchStatus } from '../staging/stagedBatch.ts';
import { apiRow } from './apiRow.ts';
import { importedType } from './importedType.ts';
import { type ImportLimits, pastLimit } from './reading/importLimits.ts';
import { rowsHash } from './rowsHash.ts';

export interface IngestRowsInput {
  readonly workspaceId: string;
  /** Id of the user on whose behalf the rows come in. */
  readonly createdBy: string;
  /** `contactImport`, `siteImport` or `deviceImport`. */
  readonly profile: string;
  /** The day by default. */
  readonly title?: string | undefined;
  readonly autoPromote: boolean;
  /** Whether the blank fields of a row erase what a matched entity has there. */
  readonly blankErases: boolean;
  /** Objects of JSON, by the names of fields. */
  readonly rows: readonly unknown[];
  /** In 1 to 200 characters; null where the rows are always new. */
  readonly idempotencyKey: string | null;
  readonly limits: ImportLimits;
}

export interface IngestedRows {
  readonly batchId: string;
  readonly recordCount: number;
  readonly status: BatchStatus;
  /** Whether the rows had come under this key before: nothing was written then. */
  readonly repeated: boolean;
}

interface Dependencies {
  readonly pool: Pool;
  readonly ingestStagedBatch: IngestStagedBatch;
}

/**
 * Stages rows that another system sends. The same rows under the same idempotency key are staged once,
 * however often and how many at a time they come.
 *
 * @throws `BAD_USER_INPUT` for rows that are none or too many, and a key, title or profile that can't be used;
 *   `CONFLICT` (with the batch's id) where other rows have the key; and as `ingestStagedBatch`
 */
export async function ingestRows(
  dependencies: Dependencies,
  input: IngestRowsInput,
): Promise<IngestedRows> {
  const { pool, ingestStagedBatch } = dependencies;
  const { workspaceId, createdBy, profile, autoPromote, blankErases, idempotencyKey: key } = input;
  const entityType = importedType(profile, 'input.profile');
  assertRows(input.rows, input.limits);
  assertKey(key);
  const title = batchTitle(input.title, 'Import');
  const hash = rowsHash(input);
  const known = key === null ? null : await repeatedBatch(pool, input, key, hash);
  if (known !== null) return known;
  try {
    const { batch } = await ingestStagedBatch({
      ...{ workspaceId, createdBy, profile, title, autoPromote, sourceType: 'API_IMPORT' },
      rows: input.rows.map((row) => apiRow(row, entityType, blankErases)),
      ...(key !== null && { idempotency: { key, rowsHash: hash } }),
    });
    return {
      batchId: batch.id,
      recordCount: input.rows.length,
      status: batch.status,
      repeated: false,
    };
  } catch (error) {
    if (key === null) throw error;
    if (!isDatabaseError(error, UNIQUE_VIOLATION, 'staged_batch_idempotency_key')) throw error;
    // Another call has the key by now, or has just given it up.
    return ingestRows(dependencies, input);
  }
}

function assertRows(
  rows: readonly unknown[],
  limits: ImportLimits,
): asserts rows is readonly object[] {
  if (rows.length === 0) throw badUserInput('input.rows', 'There are no rows to stage.');
  if (rows.length > limits.apiRows) {
    const problem = `There are ${rows.length} rows; send them as a file to POST /imports, or no more at a time than`;
    throw pastLimit(limits, 'apiRows', problem, 'input.rows');
  }
  const wrong = rows.findIndex(
    (row) => typeof row !== 'object' || row === null || Array.isArray(row),
  );
  if (wrong === -1) return;
  throw badUserInput(
    `input.rows.${wrong}`,
    `Row ${wrong} is no object. Each row is an object of fields, such as {"givenName": "Ada"}.`,
  );
}

const LONGEST_KEY = 200;

function assertKey(key: string | null): void {
  if (key === null || (key.trim() !== '' && key.length <= LONGEST_KEY)) return;
  throw badUserInput(
    'input.idempotencyKey',
    `An idempotency key has 1 to ${LONGEST_KEY} characters, such as a UUID. Leave it out for none.`,
  );
}

/**
 * @returns the batch that has the key; null where none has
 * @throws `CONFLICT` where it was given for other rows
 */
async function repeatedBatch(
  pool: Pool,
  { workspaceId, rows: { length: recordCount } }: IngestRowsInput,
  key: string,
  hash: string,
): Promise<IngestedRows | null> {
  const { rows } = await pool.query<{ id: string; status: BatchStatus; hash: string }>(sql`
    SELECT id, status, rows_hash AS hash FROM staged_batch
    WHERE workspace_id = ${workspaceId} AND idempotency_key = ${key}
      AND NOT (record_count = 0 AND status IN ('FAILED', 'CANCELLED'))`);
  const [batch] = rows;
  if (batch === undefined) return null;
  const { id: batchId, status } = batch;
  if (batch.hash === hash) return { batchId, status, recordCount, repeated: true };
  throw new ExpectedError(
    'CONFLICT',
    `Other rows have this idempotency key already (batch ${batchId}). Send these under a key of their own.`,
    { batchId },
  );
}
