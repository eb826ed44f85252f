import type { ClientBase } from 'pg';
import sql, { raw } from 'sql-template-tag';
import { ENTITY_TABLES } from '../../profiles/entityTables.ts';
import { ENTITY_TYPES, type EntityType } from '../../rules/entities.ts';
import type { StagedBatch } from '../staging/stagedBatch.ts';
import type { Promoter } from './acceptedFindings.ts';
import type { Rows } from './applyBisecting.ts';
import { isAcceptedRecord, knownRecords, mayPromoteRecord } from './chosenRecords.ts';
import { anyChangedEntity, countOutcomes, keepStates, recordChanges } from './plannedChanges.ts';
import { addCounts, NOTHING_PROMOTED, type PromotedCounts } from './promotedCounts.ts';
import { withoutNestedLoops } from './withoutNestedLoops.ts';

/** Archives the entities of accepted records of an archive batch. */
export async function promoteArchiveRange(
  client: ClientBase,
  batch: StagedBatch,
  promoter: Promoter,
  rows: Rows,
): Promise<PromotedCounts> {
  return withoutNestedLoops(client, async () => {
    let counts = NOTHING_PROMOTED;
    for (const entityType of ENTITY_TYPES) {
      counts = addCounts(counts, await archiveType(client, batch, promoter, rows, entityType));
    }
    return counts;
  });
}

async function archiveType(
  client: ClientBase,
  batch: StagedBatch,
  promoter: Promoter,
  rows: Rows,
  entityType: EntityType,
): Promise<PromotedCounts> {
  const table = raw(ENTITY_TABLES[entityType]);
  const accepted = sql`${knownRecords(batch, promoter, rows)}
      AND r.entity_type = ${entityType} AND ${isAcceptedRecord} AND ${mayPromoteRecord(promoter)}`;
  await client.query(sql`
    SELECT FROM ${table}
    WHERE id = ANY (ARRAY (SELECT r.entity_id ${accepted})) AND workspace_id = ${batch.workspaceId}
    ORDER BY id FOR UPDATE`);
  await client.query('TRUNCATE planned_change');
  await client.query(sql`
    INSERT INTO planned_change
    SELECT w.row_index, w.entity_id, w.base_version, e.version,
           CASE WHEN e.state = 'ARCHIVED' THEN 'SAME'
                WHEN e.state IS DISTINCT FROM 'ACTIVE' OR e.version <> w.base_version THEN 'CONFLICT'
                ELSE 'CHANGED' END,
           CASE WHEN e.state IS NULL THEN format('The %s is gone.', ${entityType}::text)
                WHEN e.state = 'MERGED'
                  THEN format('The %s has been merged into %s since.', ${entityType}::text, e.merged_into_id)
                WHEN e.state = 'ACTIVE' AND e.version <> w.base_version
                  THEN format('The %s has been changed since: that was version %s, now it is version %s.',
                    ${entityType}::text, w.base_version, e.version) END,
           '{"state": "ACTIVE"}', '{"state": "ARCHIVED"}'
    FROM (
      SELECT s.row_index, r.entity_id,
             coalesce(s.base_version, (r.raw_data->>'entityVersion')::int) AS base_version
      ${accepted}
    ) w
    LEFT JOIN (
      SELECT * FROM ${table} WHERE id = ANY (ARRAY (SELECT r.entity_id ${accepted}))
        AND workspace_id = ${batch.workspaceId}
    ) e ON e.id = w.entity_id`);
  await client.query(sql`
    UPDATE ${table} e SET state = 'ARCHIVED'
    FROM planned_change p
    WHERE p.outcome = 'CHANGED' AND e.id = p.entity_id AND e.id = ${anyChangedEntity}`);
  await recordChanges(client, batch, promoter, entityType, 'ARCHIVED');
  await keepStates(client, batch);
  return countOutcomes(client);
}
