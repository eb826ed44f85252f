import type { ClientBase } from 'pg';
import sql from 'sql-template-tag';

/** A step from one version of an entity to the next. */
export interface VersionStep {
  readonly entityId: string;
  readonly from: number;
  readonly to: number;
}

/**
 * The versions of entities that merges of one step change, so that later changes of the batch build on
 * those and don't take them for somebody else's.
 */
export class TouchedVersions {
  readonly #client: ClientBase;
  readonly #batchId: string;
  readonly #rows: ReadonlyMap<string, number>;
  readonly #steps = new Map<string, VersionStep>();
  #uncertain: VersionStep[] = [];

  private constructor(client: ClientBase, batchId: string, rows: ReadonlyMap<string, number>) {
    this.#client = client;
    this.#batchId = batchId;
    this.#rows = rows;
  }

  /** @param ids - of the entities that are asked for with {@link expected} */
  static async ofMembers(
    client: ClientBase,
    batchId: string,
    ids: readonly string[],
  ): Promise<TouchedVersions> {
    if (ids.length === 0) return new TouchedVersions(client, batchId, new Map());
    const { rows } = await client.query<{ entityId: string; rowIndex: number }>(sql`
      SELECT entity_id AS "entityId", row_index AS "rowIndex" FROM staged_record
      WHERE batch_id = ${batchId} AND entity_id = ANY(${ids}::uuid[])`);
    return new TouchedVersions(
      client,
      batchId,
      new Map(rows.map(({ entityId, rowIndex }) => [entityId, rowIndex])),
    );
  }

  /** The record of an entity in the batch. */
  rowOf(entityId: string): number | undefined {
    return this.#rows.get(entityId);
  }

  /** The versions that changes of some entities build on; to be asked for when they are locked. */
  async expected(entityIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const rows = entityIds.map((entityId) => ({ entityId, rowIndex: this.#rows.get(entityId) }));
    const { rows: known } = await this.#client.query<{ entityId: string; version: number }>(sql`
      SELECT k."entityId", coalesce(s.base_version, f.entity_version) AS version
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS k("entityId" uuid, "rowIndex" int)
      LEFT JOIN staged_record_state s
        ON s.batch_id = ${this.#batchId} AND s.row_index = k."rowIndex"
      LEFT JOIN LATERAL (
        SELECT min(f.entity_version) AS entity_version FROM finding f
        WHERE f.batch_id = ${this.#batchId} AND f.row_index = k."rowIndex"
      ) f ON true`);
    return new Map(
      known.map(({ entityId, version }) => {
        const step = this.#steps.get(entityId);
        return [entityId, step?.from === version ? step.to : version];
      }),
    );
  }

  /** Begins a merge that may yet be taken back. */
  begin(): void {
    this.#uncertain = [];
  }

  add(steps: readonly VersionStep[]): void {
    this.#uncertain.push(...steps);
  }

  /** Keeps what was added since {@link begin}. */
  keep(): void {
    for (const step of this.#uncertain) {
      const before = this.#steps.get(step.entityId);
      const continued = before?.to === step.from ? { ...step, from: before.from } : step;
      this.#steps.set(step.entityId, continued);
    }
  }

  /** Lets the batch's later changes build on the new versions, where they would on the old ones. */
  async rebase(client: ClientBase): Promise<void> {
    if (this.#steps.size === 0) return;
    await client.query(sql`
      INSERT INTO staged_record_state AS s (batch_id, row_index, base_version)
      SELECT ${this.#batchId}, r.row_index, t."to"
      FROM jsonb_to_recordset(${JSON.stringify([...this.#steps.values()])}::jsonb)
        AS t("entityId" uuid, "from" int, "to" int)
      JOIN staged_record r ON r.batch_id = ${this.#batchId} AND r.entity_id = t."entityId"
      LEFT JOIN staged_record_state o ON o.batch_id = r.batch_id AND o.row_index = r.row_index
      LEFT JOIN LATERAL (
        SELECT min(f.entity_version) AS entity_version FROM finding f
        WHERE f.batch_id = r.batch_id AND f.row_index = r.row_index
      ) f ON true
      WHERE coalesce(o.base_version, f.entity_version) = t."from"
      ORDER BY r.row_index
      ON CONFLICT (batch_id, row_index) DO UPDATE SET base_version = excluded.base_version`);
  }
}
