import sql from 'sql-template-tag';
import type { GraphQLTestbed } from '../../support/graphqlTestbed.ts';
import { type Decided, type ModelBatch, ProductionModel, type Values } from './productionModel.ts';

/** A small workspace that is reviewed, and the model that says what ought to come of it. */
export interface ReviewWorld {
  readonly testbed: GraphQLTestbed;
  readonly workspaceId: string;
  readonly reviewerId: string;
  readonly model: ProductionModel;
  readonly start: ReadonlyMap<string, Values>;
  /** In the order in which they were made. */
  readonly audits: ModelBatch[];
  readonly archivals: ModelBatch[];
}

/** Duplicates that want better names, sites that belong to them, and devices with and without a site. */
export async function createReviewWorld(
  testbed: GraphQLTestbed,
  reviewerId: string,
): Promise<ReviewWorld> {
  const workspaceId = await testbed.createWorkspace({
    createdBy: reviewerId,
    defaultCountry: 'US',
  });
  const model = new ProductionModel();
  async function add(entityType: 'contact' | 'site' | 'device', values: Values): Promise<string> {
    const id = await testbed.createEntity(workspaceId, entityType, values);
    model.add(id, entityType, values);
    return id;
  }
  const contacts: string[] = [];
  for (const [index, email] of ['ada', 'ada', 'ada', 'other'].entries()) {
    contacts.push(
      await add('contact', {
        ...{ givenName: ` Ada ${index}`, familyName: `Marlow  ${index}` },
        email: `${email}@example.com`,
      }),
    );
  }
  const sites: string[] = [];
  for (const [index, name] of [' Depot', 'Depot '].entries()) {
    const ownerId = contacts[index] ?? null;
    sites.push(await add('site', { name, addressLine1: '1 Main Street', ownerId }));
  }
  for (const [index, siteId] of [sites[0] ?? null, null, null].entries()) {
    await add('device', { serialNumber: ` A-${index}`, manufacturer: 'Acme', siteId });
  }
  const start = new Map([...model.entities].map(([id, { values }]) => [id, values]));
  return { testbed, workspaceId, reviewerId, model, start, audits: [], archivals: [] };
}

interface Row {
  readonly id: string;
  readonly values: Values;
}

/** What is in production. */
export async function readProduction({
  testbed,
  workspaceId,
}: ReviewWorld): Promise<ReadonlyMap<string, Values>> {
  const { rows } = await testbed.runtime.pool.query<Row>(sql`
    SELECT id, jsonb_build_object('state', state, 'mergedIntoId', merged_into_id, 'givenName',
             given_name, 'familyName', family_name, 'email', email) AS values
    FROM third_party WHERE workspace_id = ${workspaceId}
    UNION ALL
    SELECT id, jsonb_build_object('state', state, 'mergedIntoId', merged_into_id, 'name', name,
             'addressLine1', address_line1, 'ownerId', owner_id)
    FROM customer_site WHERE workspace_id = ${workspaceId}
    UNION ALL
    SELECT id, jsonb_build_object('state', state, 'mergedIntoId', merged_into_id, 'serialNumber',
             serial_number, 'manufacturer', manufacturer, 'siteId', site_id)
    FROM customer_device WHERE workspace_id = ${workspaceId}`);
  return new Map(rows.map(({ id, values }) => [id, values]));
}

interface HistoryRow {
  readonly entityId: string;
  readonly before: Values | null;
  readonly after: Values;
}

/** What the history makes of the entities that nobody changed outside the review. */
export async function replayHistory({
  testbed,
  workspaceId,
  model,
  start,
}: ReviewWorld): Promise<ReadonlyMap<string, Values>> {
  const { rows } = await testbed.runtime.pool.query<HistoryRow>(sql`
    SELECT entity_id AS "entityId", before, after FROM entity_change
    WHERE workspace_id = ${workspaceId} ORDER BY entity_id, version`);
  const replayed = new Map(start);
  for (const { entityId, after } of rows) {
    replayed.set(entityId, { ...replayed.get(entityId), ...after });
  }
  for (const { id, changes } of model.entities.values()) {
    if (changes.some(({ batchId }) => batchId === null)) replayed.delete(id);
  }
  return replayed;
}

/** What has been decided of a batch and is not in production, where nobody is asked for first. */
export async function readDecided({ testbed }: ReviewWorld, { id }: ModelBatch): Promise<Decided> {
  const { rows: records } = await testbed.runtime.pool.query<Decided['records'][number]>(sql`
    SELECT f.entity_id AS "entityId",
           jsonb_object_agg(f.field, nullif(coalesce(f.edited_value, f.suggested_value), '')
             ORDER BY f.edited_value IS NOT NULL, f.ordinal DESC) AS wanted
    FROM finding f
    WHERE f.batch_id = ${id} AND f.decision = 'ACCEPTED' AND (NOT f.applied OR f.unchanged)
      AND f.merge_id IS NULL AND NOT EXISTS (
        SELECT FROM staged_record_state s WHERE s.batch_id = f.batch_id
          AND s.row_index = f.row_index AND s.status IN ('CONFLICT', 'REVERTED'))
    GROUP BY f.row_index, f.entity_id ORDER BY f.row_index`);
  const { rows: merges } = await testbed.runtime.pool.query<Decided['merges'][number]>(sql`
    SELECT m.survivor_id AS "survivorId", m.loser_ids AS "loserIds" FROM merge m
    WHERE m.batch_id = ${id} AND NOT m.applied AND NOT EXISTS (
      SELECT FROM staged_record_state s WHERE s.batch_id = m.batch_id
        AND s.row_index = m.row_index AND s.status IN ('CONFLICT', 'REVERTED'))
    ORDER BY m.row_index, m.id`);
  return { records, merges };
}

/** The entities of a batch whose records are in conflict. */
export async function readConflicts(
  { testbed }: ReviewWorld,
  { id }: ModelBatch,
): Promise<readonly { readonly rowIndex: number; readonly entityId: string }[]> {
  const { rows } = await testbed.runtime.pool.query<{ rowIndex: number; entityId: string }>(sql`
    SELECT s.row_index AS "rowIndex", r.entity_id AS "entityId"
    FROM staged_record_state s JOIN staged_record r USING (batch_id, row_index)
    WHERE s.batch_id = ${id} AND s.status = 'CONFLICT' ORDER BY s.row_index`);
  return rows;
}

/** Findings that are not what the last decision about them says. */
export async function readLostDecisions({
  testbed,
  workspaceId,
}: ReviewWorld): Promise<readonly unknown[]> {
  const { rows } = await testbed.runtime.pool.query(sql`
    SELECT f.batch_id, f.row_index, f.ordinal, f.decision, f.version, d.decision AS decided
    FROM finding f JOIN staged_batch b ON b.id = f.batch_id
    LEFT JOIN decision_entry e USING (batch_id, row_index, ordinal, version)
    LEFT JOIN decision d ON d.id = e.decision_id
    WHERE b.workspace_id = ${workspaceId} AND f.decision <> coalesce(d.decision, 'OPEN')`);
  return rows;
}

/** Findings that are said to be in production through a record that has changed nothing there. */
export async function readFalselyApplied({
  testbed,
  workspaceId,
}: ReviewWorld): Promise<readonly unknown[]> {
  const { rows } = await testbed.runtime.pool.query(sql`
    SELECT f.batch_id, f.row_index, f.ordinal, f.rule_id, f.decision
    FROM finding f
    JOIN staged_batch b ON b.id = f.batch_id
    LEFT JOIN merge m ON m.id = f.merge_id
    WHERE b.workspace_id = ${workspaceId} AND f.applied AND NOT f.unchanged AND NOT EXISTS (
      SELECT FROM entity_change c
      WHERE c.batch_id = f.batch_id AND c.row_index = coalesce(m.row_index, f.row_index)
        AND NOT c.reverted AND c.kind <> 'REVERTED')`);
  return rows;
}
