import type { ClientBase } from 'pg';
import sql from 'sql-template-tag';
import { ENTITY_TYPES, type EntityType } from '../../rules/entities.ts';
import { StepFailure } from '../staging/batchSteps.ts';
import { type LookedAt, RangeCounts, type RangeDetails } from '../staging/rangeCounts.ts';
import type { CertifiedEntities } from './certificate.ts';
import { changedMeanwhile } from './changedMeanwhile.ts';

/**
 * What became of the entities of an audit, by type.
 *
 * @throws StepFailure where the staged entities and those that the steps have accounted for are not as
 *   many: then the audit is not complete, and must not say that it is
 */
export async function certifiedEntities(
  client: ClientBase,
  batch: { readonly id: string; readonly workspaceId: string },
  snapshot: string,
): Promise<readonly CertifiedEntities[]> {
  const expected = await countStaged(client, batch.id);
  const accounted = await countLookedAt(client, batch.id);
  const meanwhile = await changedMeanwhile(client, batch, snapshot);
  return ENTITY_TYPES.map((entityType) => {
    const staged = expected.get(entityType) ?? 0;
    const lookedAt = accounted.of(entityType);
    assertComplete(entityType, staged, lookedAt);
    const changes = meanwhile.get(entityType) ?? { added: 0, changed: 0, removed: 0 };
    return { entityType, expected: staged, ...lookedAt, ...changes };
  });
}

function assertComplete(entityType: EntityType, expected: number, lookedAt: LookedAt): void {
  const { checked, gone, unreadable, unchanged } = lookedAt;
  const sum = checked + gone + unreadable + unchanged;
  if (sum === expected) return;
  throw new StepFailure(
    `the audit is not complete: ${expected} ${entityType}s were staged, and ${sum} are accounted for`,
  );
}

async function countStaged(
  client: ClientBase,
  batchId: string,
): Promise<ReadonlyMap<EntityType, number>> {
  const { rows } = await client.query<{ entityType: EntityType; count: number }>(sql`
    SELECT entity_type AS "entityType", count(*)::int AS count
    FROM staged_record WHERE batch_id = ${batchId} GROUP BY entity_type`);
  return new Map(rows.map(({ entityType, count }) => [entityType, count]));
}

/** What the steps of the ranges say, each of which was written with the results that it counts. */
async function countLookedAt(client: ClientBase, batchId: string): Promise<RangeCounts> {
  const { rows } = await client.query<{ details: RangeDetails | null }>(sql`
    SELECT details FROM staged_batch_step
    WHERE batch_id = ${batchId} AND kind = 'PROCESS_RANGE'`);
  const counts = new RangeCounts();
  for (const { details } of rows) {
    for (const entityType of ENTITY_TYPES) {
      counts.add(entityType, details?.lookedAt[entityType] ?? {});
    }
  }
  return counts;
}
