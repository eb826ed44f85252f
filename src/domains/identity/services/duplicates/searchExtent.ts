import type { ClientBase } from 'pg';
import sql, { raw } from 'sql-template-tag';
import { ENTITY_TABLES } from '../../profiles/entityTables.ts';
import { selectLastAudit } from '../ledger/lastAudit.ts';
import type { MatchModel } from '../matching/model.ts';
import type { DuplicateSearch, MatchRuleKey } from './duplicateSearch.ts';
import { readMatchModel } from './matchModels.ts';

/** Up to so many records are compared in half a second, and each one changes what can be learnt of them. */
const FEW_RECORDS = 1_000;

/**
 * Once more than this share of the records is new or has changed, how they resemble each other is
 * learnt anew. How rare a value is and which records are compared follows from all records, so what
 * was said of two that have not changed ages with the others; this bounds by how much.
 */
const MOST_CHANGED = 0.1;

/** Whether a search compares what has changed with the rest, or all with each other. */
export type SearchExtent =
  | { readonly model: MatchModel; readonly fullReason: null }
  | {
      readonly model: null;
      /** Why a search of an incremental audit compares all; null for other audits. */
      readonly fullReason: string | null;
    };

/**
 * Finds out whether what is known of records that have not changed can stand, and by which model the
 * others are compared: the one by which it was found.
 */
export async function searchExtent(
  client: ClientBase,
  search: DuplicateSearch,
  { entityType }: MatchRuleKey,
): Promise<SearchExtent> {
  const full = (fullReason: string | null) => ({ model: null, fullReason }) as const;
  const audit = await readAudit(client, search, entityType);
  if (search.trial !== undefined || audit?.mode !== 'INCREMENTAL') return full(null);
  if (audit.records <= FEW_RECORDS) return full('There are few of them.');
  if (!audit.followsLedger) return full('Another audit was done since this one began.');
  const model = await readMatchModel(client, search.workspaceId, entityType);
  if (model === null || !audit.isModelCertified) {
    return full('No audit with a certificate has kept how they resemble each other.');
  }
  if (audit.changed > MOST_CHANGED * audit.records) {
    return full(
      `${audit.changed} of ${audit.records} have changed since it was learnt how they resemble each other.`,
    );
  }
  return { model, fullReason: null };
}

interface Audit {
  readonly mode: string | null;
  /** Whether the ledger is as of the audit that this one builds on or of a later one, but not of one since this began. */
  readonly followsLedger: boolean;
  readonly records: number;
  readonly isModelCertified: boolean;
  /** How many were changed, added or removed since the audit that has kept the model. */
  readonly changed: number;
}

async function readAudit(
  client: ClientBase,
  { batchId, workspaceId }: DuplicateSearch,
  entityType: MatchRuleKey['entityType'],
): Promise<Audit | null> {
  const { rows } = await client.query<Audit>(sql`
    WITH learnt AS MATERIALIZED (
      SELECT b.snapshot::pg_snapshot AS taken FROM match_model m
      JOIN staged_batch b ON b.id = m.batch_id
      WHERE m.workspace_id = ${workspaceId} AND m.entity_type = ${entityType}::entity_type
        AND b.certificate IS NOT NULL AND b.snapshot IS NOT NULL
    )
    SELECT b.mode,
           coalesce(last.at >= base.created_at AND last.at < b.created_at, false) AS "followsLedger",
           EXISTS (SELECT FROM learnt) AS "isModelCertified",
           (SELECT count(*)::int FROM staged_record
            WHERE batch_id = ${batchId} AND entity_type = ${entityType}::entity_type) AS records,
           (SELECT count(*)::int FROM ${raw(ENTITY_TABLES[entityType])} e CROSS JOIN learnt
            WHERE e.workspace_id = ${workspaceId}
              AND e.changed_xid >= (SELECT pg_snapshot_xmin(taken) FROM learnt)
              AND NOT pg_visible_in_snapshot(e.changed_xid, learnt.taken)) AS changed
    FROM staged_batch b LEFT JOIN staged_batch base ON base.id = b.base_batch_id
    LEFT JOIN (${selectLastAudit(sql`${workspaceId}`)}) last ON true
    WHERE b.id = ${batchId}`);
  return rows[0] ?? null;
}
