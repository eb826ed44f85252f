import pg, { type ClientBase } from 'pg';
import sql, { join, raw, type Sql } from 'sql-template-tag';
import { ENTITY_TABLES, entityColumns } from '../../profiles/entityTables.ts';
import { ENTITY_TYPES, type EntityType } from '../../rules/entities.ts';
import { newChangeId } from '../entityChangeIds.ts';
import type { BatchRun } from '../staging/batchRun.ts';
import type { StagedBatch } from '../staging/stagedBatch.ts';

/**
 * Undoes the candidates that have no outcome yet, and writes their history. Those that the database
 * refuses become ERRORED, each by itself.
 */
export async function undoCandidates(
  client: ClientBase,
  batch: StagedBatch,
  run: BatchRun,
): Promise<void> {
  for (const entityType of ENTITY_TYPES) {
    const { rows } = await client.query<{ first: number | null; last: number | null }>(sql`
      SELECT min(n) AS first, max(n) AS last FROM reversal_candidate
      WHERE entity_type = ${entityType} AND outcome IS NULL`);
    const { first, last } = rows[0] ?? {};
    if (first == null || last == null) continue;
    await undoBisecting(client, { batch, run, entityType }, first, last);
  }
}

interface Undoing {
  readonly batch: StagedBatch;
  readonly run: BatchRun;
  readonly entityType: EntityType;
}

/** Halves what the database refuses until the rows are found that it refuses. */
async function undoBisecting(
  client: ClientBase,
  undoing: Undoing,
  first: number,
  last: number,
): Promise<void> {
  await client.query('SAVEPOINT undoing');
  try {
    await undo(client, undoing, first, last);
    await client.query('RELEASE SAVEPOINT undoing');
  } catch (error) {
    if (!isAboutData(error)) throw error;
    await client.query('ROLLBACK TO SAVEPOINT undoing; RELEASE SAVEPOINT undoing');
    if (first === last) {
      await client.query(sql`
        UPDATE reversal_candidate
        SET outcome = 'ERRORED', reason = ${`The database refused it: ${error.message}.`}
        WHERE n = ${first}`);
      return;
    }
    const middle = Math.floor((first + last) / 2);
    await undoBisecting(client, undoing, first, middle);
    await undoBisecting(client, undoing, middle + 1, last);
  }
}

/** Classes 22 and 23 of https://www.postgresql.org/docs/current/errcodes-appendix.html */
function isAboutData(error: unknown): error is pg.DatabaseError {
  return error instanceof pg.DatabaseError && /^2[23]/.test(error.code ?? '');
}

async function undo(
  client: ClientBase,
  { batch, run, entityType }: Undoing,
  first: number,
  last: number,
): Promise<void> {
  const chosen = sql`c.entity_type = ${entityType} AND c.outcome IS NULL
    AND c.n BETWEEN ${first} AND ${last}`;
  await client.query(sql`
    WITH undone AS (
      UPDATE ${raw(ENTITY_TABLES[entityType])} e SET ${join(assignments(entityType), ', ')}
      FROM reversal_candidate c
      WHERE ${chosen} AND e.id = c.entity_id AND e.workspace_id = ${batch.workspaceId}
      RETURNING c.change_id, e.version
    )
    INSERT INTO entity_change (id, workspace_id, entity_type, entity_id, version, kind, batch_id,
      row_index, actor_id, before, after, reverts_id)
    SELECT ${newChangeId()}, ${batch.workspaceId}, c.entity_type, c.entity_id, u.version, 'REVERTED',
           ${batch.id}, c.row_index, ${run.actorId}, c.done, c.undo, c.change_id
    FROM undone u JOIN reversal_candidate c USING (change_id)`);
  await client.query(sql`
    UPDATE entity_change h SET reverted = true FROM reversal_candidate c
    WHERE ${chosen} AND h.id = c.change_id`);
  await client.query(sql`
    UPDATE reversal_candidate c SET outcome = 'REVERSED' WHERE ${chosen}`);
}

function assignments(entityType: EntityType): Sql[] {
  const columns = [
    ...entityColumns(entityType),
    { field: 'state', column: 'state', type: 'entity_state' },
    { field: 'mergedIntoId', column: 'merged_into_id', type: 'uuid' },
  ];
  return columns.map(({ field, column, type }) =>
    raw(`${column} = CASE WHEN c.undo ? ${pg.escapeLiteral(field)}
      THEN (c.undo->>${pg.escapeLiteral(field)})::${type} ELSE e.${column} END`),
  );
}
