import type { ClientBase } from 'pg';
import sql from 'sql-template-tag';
import type { LoadedPage } from '../../profiles/profile.ts';
import { ENTITY_TYPES, type EntityType } from '../../rules/entities.ts';
import type { OpenStep } from './batchSteps.ts';
import type { StagedBatch } from './stagedBatch.ts';

/** What became of the entities of one type. */
export interface LookedAt {
  readonly checked: number;
  /** No longer active when they were to be checked. */
  readonly gone: number;
  readonly unreadable: number;
  /** Left to the workspace rules by an incremental audit. */
  readonly unchanged: number;
}

const NOTHING: LookedAt = { checked: 0, gone: 0, unreadable: 0, unchanged: 0 };

/** What became of the entities of a range, type by type; kept with its step for the certificate. */
export class RangeCounts {
  readonly #types = new Map<EntityType, LookedAt>();

  add(entityType: EntityType, more: Partial<LookedAt>): void {
    const sum = this.of(entityType);
    this.#types.set(entityType, {
      checked: sum.checked + (more.checked ?? 0),
      gone: sum.gone + (more.gone ?? 0),
      unreadable: sum.unreadable + (more.unreadable ?? 0),
      unchanged: sum.unchanged + (more.unchanged ?? 0),
    });
  }

  addPage({ entityType, unreadable }: LoadedPage, checked: number): void {
    const gone = unreadable.filter(({ isGone }) => isGone).length;
    this.add(entityType, { checked, gone, unreadable: unreadable.length - gone });
  }

  /** Of one type. */
  of(entityType: EntityType): LookedAt {
    return this.#types.get(entityType) ?? NOTHING;
  }

  /** Of all types together. */
  total(count: keyof LookedAt): number {
    return [...this.#types.values()].reduce((sum, counts) => sum + counts[count], 0);
  }

  /** As it is kept: see {@link RangeDetails}. */
  details(): RangeDetails {
    return { lookedAt: Object.fromEntries(this.#types) };
  }
}

/** The details of a range's step. */
export interface RangeDetails {
  readonly lookedAt: { readonly [T in EntityType]?: LookedAt };
}

/**
 * The rows of a range that an incremental audit is to check; the others are counted. One statement,
 * which is all that a range costs in which nothing has changed.
 *
 * @returns undefined where all rows are to be checked
 */
export async function changedRows(
  client: ClientBase,
  { id, mode }: Pick<StagedBatch, 'id' | 'mode'>,
  { firstRow, endRow }: Pick<OpenStep, 'firstRow' | 'endRow'>,
  counts: RangeCounts,
): Promise<readonly number[] | undefined> {
  if (mode !== 'INCREMENTAL') return undefined;
  const { rows } = await client.query<{
    entityType: EntityType;
    unchanged: number;
    changed: readonly number[] | null;
  }>(sql`
    SELECT entity_type AS "entityType", (count(*) FILTER (WHERE unchanged))::int AS unchanged,
           array_agg(row_index ORDER BY row_index) FILTER (WHERE NOT unchanged) AS changed
    FROM staged_record
    WHERE batch_id = ${id} AND row_index >= ${firstRow} AND row_index < ${endRow}
    GROUP BY entity_type`);
  for (const { entityType, unchanged } of rows) counts.add(entityType, { unchanged });
  if (counts.total('unchanged') === 0) return undefined;
  return ENTITY_TYPES.flatMap(
    (entityType) => rows.find((row) => row.entityType === entityType)?.changed ?? [],
  );
}
