import type { ClientBase } from 'pg';
import sql, { raw, type Sql } from 'sql-template-tag';
import { ENTITY_TABLES } from '../../profiles/entityTables.ts';
import { ENTITY_TYPES, type EntityType } from '../../rules/entities.ts';
import { erasedReason } from '../erasure/erasedReason.ts';
import type { BatchRun } from '../staging/batchRun.ts';
import type { StagedBatch } from '../staging/stagedBatch.ts';
import { byWhom } from './byWhom.ts';
import { keepLostTargets } from './keepLostTargets.ts';
import { isInScope, isLive } from './reversalScope.ts';
import { isUndone, type Reversal } from './undoable.ts';

/**
 * Locks the candidates' entities and marks as KEPT those that can't be undone without losing what
 * somebody did since. The others are left without an outcome.
 */
export async function judgeCandidates(
  client: ClientBase,
  batch: StagedBatch,
  run: BatchRun,
): Promise<void> {
  for (const entityType of ENTITY_TYPES) {
    const table = raw(ENTITY_TABLES[entityType]);
    // No stronger lock: a key that is referred to does not change, and the checks of references to
    // it need not wait.
    await client.query(sql`
      SELECT FROM ${table}
      WHERE workspace_id = ${batch.workspaceId} AND id IN (
        SELECT entity_id FROM reversal_candidate WHERE entity_type = ${entityType})
      ORDER BY id FOR NO KEY UPDATE`);
    await keepChangedSince(client, batch, entityType);
  }
  const reversal = { workspaceId: batch.workspaceId, run };
  for (const entityType of ENTITY_TYPES) await keepLostTargets(client, reversal, entityType);
  await keepReferredTo(client, reversal, { from: 'site', column: 'owner_id', to: 'contact' });
  await keepReferredTo(client, reversal, { from: 'device', column: 'site_id', to: 'site' });
  for (const entityType of ENTITY_TYPES) await keepMergedInto(client, batch, entityType);
}

/**
 * Every change through a batch has a version of its own in the history, and every change of the row
 * raises its version: where the history has gaps, somebody else changed it.
 */
async function keepChangedSince(
  client: ClientBase,
  { id: batchId, workspaceId }: StagedBatch,
  entityType: EntityType,
): Promise<void> {
  await client.query(sql`
    UPDATE reversal_candidate c
    SET outcome = 'KEPT', blocked_by = v.blocked_by, reason = v.reason
    FROM (
      SELECT c.change_id, newer.id AS blocked_by,
             CASE WHEN e.id IS NULL THEN 'It was deleted outside the review center.'
                  WHEN newer.kind = 'ERASED' THEN ${erasedReason(sql`newer.created_at`)}
                  WHEN newer.id IS NOT NULL AND (newer.batch_id <> ${batchId} OR NOT has_gap)
                  THEN format('Changed since, %s.', ${byWhom(sql`newer`)})
                  ELSE 'Changed outside the review center since.' END AS reason
      FROM reversal_candidate c
      LEFT JOIN ${raw(ENTITY_TABLES[entityType])} e
        ON e.id = c.entity_id AND e.workspace_id = ${workspaceId}
      CROSS JOIN LATERAL (
        SELECT e.version - c.version <> count(*) AS has_gap FROM entity_change h
        WHERE h.workspace_id = ${workspaceId} AND h.entity_type = ${entityType}
          AND h.entity_id = c.entity_id AND h.version > c.version
      ) history
      LEFT JOIN LATERAL (
        SELECT h.* FROM entity_change h
        WHERE h.workspace_id = ${workspaceId} AND h.entity_type = ${entityType}
          AND h.entity_id = c.entity_id AND h.version > c.version AND ${isLive(sql`h`)}
        ORDER BY h.version DESC LIMIT 1
      ) newer ON true
      WHERE c.entity_type = ${entityType}
        AND (e.id IS NULL OR has_gap OR newer.id IS NOT NULL)
    ) v
    WHERE v.change_id = c.change_id`);
}

interface Reference {
  readonly from: EntityType;
  readonly column: 'owner_id' | 'site_id';
  readonly to: EntityType;
}

const FIELD_OF = { owner_id: 'ownerId', site_id: 'siteId' } as const;

/** Keeps creations that an active entity goes on to refer to. */
async function keepReferredTo(
  client: ClientBase,
  reversal: Reversal,
  { from, column, to }: Reference,
): Promise<void> {
  await client.query(sql`
    UPDATE reversal_candidate c
    SET outcome = 'KEPT', blocked_by = v.blocked_by, reason = v.reason
    FROM (
      SELECT DISTINCT ON (c.change_id) c.change_id, latest.id AS blocked_by,
             concat_ws(', last changed ', ${`The ${from} `}::text || r.id || ' refers to it',
                       ${byWhom(sql`latest`)}) || '.' AS reason
      FROM reversal_candidate c
      JOIN ${raw(ENTITY_TABLES[from])} r
        ON r.workspace_id = ${reversal.workspaceId} AND r.${raw(column)} = c.entity_id
        AND r.state = 'ACTIVE'
      LEFT JOIN LATERAL (
        SELECT h.* FROM entity_change h
        WHERE h.workspace_id = ${reversal.workspaceId} AND h.entity_type = ${from}
          AND h.entity_id = r.id AND ${isLive(sql`h`)}
        ORDER BY h.version DESC LIMIT 1
      ) latest ON true
      WHERE c.entity_type = ${to} AND c.kind = 'CREATED' AND c.outcome IS NULL
        AND NOT ${letsGo(reversal, from, column)}
      ORDER BY c.change_id, r.id
    ) v
    WHERE v.change_id = c.change_id`);
}

/**
 * Whether the run undoes what made `r` refer to the candidate: nothing newer than that is outside the
 * run, or in no batch at all, and no device stays at a site whose creation is undone.
 */
function letsGo(reversal: Reversal, entityType: EntityType, column: Reference['column']): Sql {
  const { workspaceId, run } = reversal;
  const field = FIELD_OF[column];
  const stays =
    entityType === 'site'
      ? sql`EXISTS (
          SELECT FROM customer_device d
          WHERE d.workspace_id = ${workspaceId} AND d.site_id = r.id AND d.state = 'ACTIVE'
            AND NOT EXISTS (
              SELECT FROM entity_change y
              WHERE y.entity_type = 'device' AND y.entity_id = d.id AND ${isInScope(run, sql`y`)}
                AND (y.kind = 'CREATED' OR y.before ? 'siteId')
                AND ${isUndone(reversal, 'device', sql`d`, sql`y`)}))`
      : sql`false`;
  return sql`EXISTS (
    SELECT FROM entity_change x
    WHERE x.entity_type = ${entityType} AND x.entity_id = r.id AND ${isInScope(run, sql`x`)}
      AND (x.before ? ${field} OR x.kind = 'CREATED' AND NOT ${stays})
      AND ${isUndone(reversal, entityType, sql`r`, sql`x`)})`;
}

/** Keeps creations that others have been merged into: their old ids resolve to it. */
async function keepMergedInto(
  client: ClientBase,
  { workspaceId }: StagedBatch,
  entityType: EntityType,
): Promise<void> {
  await client.query(sql`
    UPDATE reversal_candidate c
    SET outcome = 'KEPT', blocked_by = v.blocked_by, reason = v.reason
    FROM (
      SELECT DISTINCT ON (c.change_id) c.change_id, h.id AS blocked_by,
             format('%s was merged into it %s.', r.id, ${byWhom(sql`h`)}) AS reason
      FROM reversal_candidate c
      JOIN ${raw(ENTITY_TABLES[entityType])} r
        ON r.merged_into_id = c.entity_id AND r.workspace_id = ${workspaceId}
      JOIN entity_change h
        ON h.workspace_id = ${workspaceId} AND h.entity_type = ${entityType}
        AND h.entity_id = r.id AND h.kind = 'MERGED' AND NOT h.reverted
      WHERE c.entity_type = ${entityType} AND c.kind = 'CREATED' AND c.outcome IS NULL
      ORDER BY c.change_id, r.id
    ) v
    WHERE v.change_id = c.change_id`);
}
