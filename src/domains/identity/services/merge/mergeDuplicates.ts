import type { ClientBase, Pool } from 'pg';
import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { badUserInput, ExpectedError } from '../../../../platform/errors.ts';
import { inTransaction } from '../../../../platform/postgres/pool.ts';
import { entityColumns } from '../../profiles/entityTables.ts';
import type { EntityType } from '../../rules/entities.ts';
import { insertDecision, reviewerText } from '../review/decisionLog.ts';
import { lockReviewedBatch, reopenBatch } from '../review/lockReviewedBatch.ts';
import type { DecisionResult } from '../review/skipReasons.ts';
import {
  type Cluster,
  type ClusterMember,
  clusterIds,
  DUPLICATE_RULE_IDS,
  lockCluster,
} from './mergeMembers.ts';

/** A field, and the member of the cluster whose value the survivor takes over. */
export interface FieldSource {
  readonly field: string;
  readonly entityId: string;
}

export interface MergeDuplicatesInput {
  readonly batchId: string;
  readonly actorId: string;
  readonly survivorId: string;
  readonly loserIds: readonly string[];
  /** The survivor keeps its own value of every other field. */
  readonly fieldFrom: readonly FieldSource[];
  readonly comment: string | null;
}

/**
 * Decides that entities are one and the same, and which of them stays; its duplicate findings, and
 * those of the others, are accepted together. Production changes when the batch is promoted.
 *
 * @throws as `lockCluster`; `BAD_USER_INPUT` where the audit found no duplicate among them, since
 *   nothing could be reopened to take the merge back; `CONFLICT` where one of them is part of another
 *   merge that waits, its findings were rejected or waived, or the batch is not under review
 */
export async function mergeDuplicates(
  pool: Pool,
  input: MergeDuplicatesInput,
): Promise<DecisionResult> {
  const comment = reviewerText('comment', input.comment);
  const survivorId = input.survivorId.toLowerCase();
  const loserIds = clusterIds('loserIds', input.loserIds);
  if (loserIds.length === 0) throw badUserInput('input.loserIds', 'Name at least one duplicate.');
  if (loserIds.includes(survivorId)) {
    throw badUserInput(
      'input.loserIds',
      'The survivor is not one of those that are merged into it.',
    );
  }
  return inTransaction(pool, async (client) => {
    const batch = await lockReviewedBatch(client, input.batchId);
    const ids = [survivorId, ...loserIds];
    const cluster = await lockCluster(client, batch, 'loserIds', ids);
    const fieldFrom = readFieldSources(cluster.entityType, input.fieldFrom, survivorId, ids);
    await assertNotMergedElsewhere(client, batch.id, ids);
    await assertUndecided(client, batch.id, cluster);
    const mergeId = uuidv7();
    const [survivor] = cluster.members;
    if (!survivor) throw new Error('A cluster has members.');
    await client.query(sql`
      INSERT INTO merge (id, batch_id, entity_type, survivor_id, loser_ids, row_index, field_from,
        created_by_id)
      VALUES (${mergeId}, ${batch.id}, ${cluster.entityType}, ${survivorId}, ${loserIds}::uuid[],
              ${survivor.rowIndex}, ${JSON.stringify(fieldFrom)}, ${input.actorId})`);
    const decisionId = uuidv7();
    const decidedCount = await acceptFindings(client, batch.id, cluster, {
      mergeId,
      decisionId,
      actorId: input.actorId,
    });
    if (decidedCount === 0) {
      throw badUserInput(
        'input.loserIds',
        'The audit has found no duplicate among these. Only what it found can be merged.',
      );
    }
    await insertDecision(client, {
      id: decisionId,
      batchId: batch.id,
      actorId: input.actorId,
      decision: 'ACCEPTED',
      comment,
    });
    await rememberVersions(client, batch.id, cluster.members);
    await reopenBatch(client, batch);
    return { decisionId, decidedCount, skipped: [] };
  });
}

function readFieldSources(
  entityType: EntityType,
  fieldFrom: readonly FieldSource[],
  survivorId: string,
  ids: readonly string[],
): readonly FieldSource[] {
  const fields = entityColumns(entityType).map(({ field }) => field);
  const seen = new Set<string>();
  const sources = fieldFrom.map(({ field, entityId }, index) => {
    const path = `input.fieldFrom.${index}`;
    if (!fields.includes(field)) {
      throw badUserInput(`${path}.field`, `A ${entityType} has no field "${field}".`);
    }
    if (seen.has(field)) throw badUserInput(`${path}.field`, `"${field}" is named twice.`);
    seen.add(field);
    const id = entityId.toLowerCase();
    if (!ids.includes(id)) {
      throw badUserInput(`${path}.entityId`, 'Name the survivor, or one that is merged into it.');
    }
    return { field, entityId: id };
  });
  return sources.filter(({ entityId }) => entityId !== survivorId);
}

async function assertNotMergedElsewhere(
  client: ClientBase,
  batchId: string,
  ids: readonly string[],
): Promise<void> {
  const { rows } = await client.query<{ survivorId: string }>(sql`
    SELECT survivor_id AS "survivorId" FROM merge
    WHERE batch_id = ${batchId} AND NOT applied
      AND (survivor_id = ANY(${ids}::uuid[]) OR loser_ids && ${ids}::uuid[])
    LIMIT 1`);
  if (!rows[0]) return;
  throw new ExpectedError(
    'CONFLICT',
    `One of these is part of a merge into ${rows[0].survivorId} already. Reopen its findings first.`,
    { survivorId: rows[0].survivorId },
  );
}

/** What somebody rejected or waived is reopened knowingly, or stays so. */
async function assertUndecided(
  client: ClientBase,
  batchId: string,
  { members }: Cluster,
): Promise<void> {
  const { rows } = await client.query<{ readonly rowIndex: number; readonly ordinal: number }>(sql`
    SELECT row_index AS "rowIndex", ordinal FROM finding
    WHERE batch_id = ${batchId} AND row_index = ANY(${members.map(({ rowIndex }) => rowIndex)}::int[])
      AND rule_id = ANY(${DUPLICATE_RULE_IDS}::text[]) AND decision IN ('REJECTED', 'WAIVED')
    ORDER BY row_index, ordinal FOR NO KEY UPDATE`);
  const [first] = rows;
  if (first === undefined) return;
  throw new ExpectedError(
    'CONFLICT',
    `Finding ${first.ordinal} of record ${first.rowIndex} was rejected or waived. Reopen it before you merge.`,
    { ...first },
  );
}

/** @returns how many findings of the cluster were accepted */
async function acceptFindings(
  client: ClientBase,
  batchId: string,
  { members }: Cluster,
  made: { readonly mergeId: string; readonly decisionId: string; readonly actorId: string },
): Promise<number> {
  const { rowCount } = await client.query(sql`
    WITH target AS (
      SELECT row_index, ordinal FROM finding
      WHERE batch_id = ${batchId} AND row_index = ANY(${members.map(({ rowIndex }) => rowIndex)}::int[])
        AND rule_id = ANY(${DUPLICATE_RULE_IDS}::text[]) AND NOT applied
      ORDER BY row_index, ordinal FOR NO KEY UPDATE
    ), decided AS (
      UPDATE finding f
      SET decision = 'ACCEPTED', version = f.version + 1, edited_value = NULL,
          decided_by_id = ${made.actorId}, merge_id = ${made.mergeId}
      FROM target t
      WHERE f.batch_id = ${batchId} AND f.row_index = t.row_index AND f.ordinal = t.ordinal
      RETURNING f.row_index, f.ordinal, f.version
    )
    INSERT INTO decision_entry (batch_id, row_index, ordinal, version, decision_id)
    SELECT ${batchId}, row_index, ordinal, version, ${made.decisionId} FROM decided`);
  return rowCount ?? 0;
}

/** Records without a finding have no version to build on: that is the one the reviewer decided on. */
async function rememberVersions(
  client: ClientBase,
  batchId: string,
  members: readonly ClusterMember[],
): Promise<void> {
  await client.query(sql`
    INSERT INTO staged_record_state AS s (batch_id, row_index, base_version)
    SELECT ${batchId}, m."rowIndex", m.version
    FROM jsonb_to_recordset(${JSON.stringify(members)}::jsonb) AS m("rowIndex" int, version int)
    WHERE NOT EXISTS (
      SELECT FROM finding f WHERE f.batch_id = ${batchId} AND f.row_index = m."rowIndex")
    ORDER BY m."rowIndex"
    ON CONFLICT (batch_id, row_index) DO UPDATE
    SET base_version = coalesce(s.base_version, excluded.base_version)`);
}
