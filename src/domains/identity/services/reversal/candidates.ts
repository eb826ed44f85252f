import type { ClientBase } from 'pg';
import sql from 'sql-template-tag';
import type { BatchRun } from '../staging/batchRun.ts';
import { isInScope } from './reversalScope.ts';

/** The part of a run's entities that one step looks after. */
export interface Bucket {
  readonly index: number;
  readonly count: number;
}

/**
 * Fills the temporary table `reversal_candidate` with the newest change of each of a bucket's entities
 * that the run is about and has not dealt with yet.
 *
 * @returns how many there are
 */
export async function collectCandidates(
  client: ClientBase,
  run: BatchRun,
  { index, count }: Bucket,
): Promise<number> {
  await client.query(`
    CREATE TEMPORARY TABLE IF NOT EXISTS reversal_candidate (
      n int, change_id uuid, entity_type entity_type, entity_id uuid, version int, kind change_kind,
      row_index int, undo jsonb, done jsonb,
      outcome reversal_outcome, reason text, blocked_by uuid
    ) ON COMMIT DROP`);
  await client.query('TRUNCATE reversal_candidate');
  // What undoes a creation is an archival: nothing is ever deleted.
  const { rowCount } = await client.query(sql`
    INSERT INTO reversal_candidate
      (n, change_id, entity_type, entity_id, version, kind, row_index, undo, done)
    SELECT row_number() OVER (ORDER BY entity_type, entity_id), id, entity_type, entity_id, version,
           kind, row_index,
           CASE kind WHEN 'CREATED' THEN '{"state": "ARCHIVED"}' ELSE before END,
           CASE kind WHEN 'CREATED' THEN '{"state": "ACTIVE"}' ELSE after END
    FROM (
      SELECT DISTINCT ON (c.entity_type, c.entity_id) c.* FROM entity_change c
      WHERE ${isInScope(run, sql`c`)}
        AND abs(uuid_hash(c.entity_id)::bigint) % ${count} = ${index}
        AND NOT EXISTS (
          SELECT FROM reversal_entry e WHERE e.run_id = ${run.id} AND e.change_id = c.id)
      ORDER BY c.entity_type, c.entity_id, c.version DESC
    ) newest`);
  await client.query('ANALYZE reversal_candidate');
  return rowCount ?? 0;
}
