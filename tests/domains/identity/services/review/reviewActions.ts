import sql from 'sql-template-tag';
import type { ModelBatch, Values } from './productionModel.ts';
import { type ReviewWorld, readConflicts, readDecided } from './reviewWorld.ts';

/** One of the things that people do, chosen by two numbers from what there is to do. */
export type Action = (world: ReviewWorld, first: number, second: number) => Promise<void>;

function pick<T>(choices: readonly T[], index: number): T | undefined {
  return choices[index % choices.length];
}

/** What people are told who try what can't be done; nothing may have changed then. */
const REFUSALS: readonly unknown[] = ['CONFLICT', 'BAD_USER_INPUT', 'NOT_FOUND'];

/** @returns what the mutation answers; null where it was refused */
async function mutate(
  { testbed }: ReviewWorld,
  name: string,
  input: object,
): Promise<Record<string, unknown> | null> {
  const type = name.replace(/^./, (letter) => letter.toUpperCase());
  const selection = name === 'archiveEntities' ? 'id' : '__typename';
  const { data, errors } = await testbed.ask(
    'reviewer',
    `mutation ($input: ${type}Input!) { ${name}(input: $input) { ${selection} } }`,
    { input },
  );
  if (errors === undefined) return data[name];
  if (REFUSALS.includes(errors[0]?.extensions.code)) return null;
  throw new Error(`${name}: ${errors[0]?.message}`);
}

export async function audit({ testbed, workspaceId, reviewerId, model, audits }: ReviewWorld) {
  const { batch } = await testbed.runtime.auditRunner.triggerDataAudit({
    workspaceId,
    createdBy: reviewerId,
  });
  await testbed.untilResting(batch.id);
  audits.push(model.audit(batch.id));
}

interface Found {
  readonly rowIndex: number;
  readonly ordinal: number;
  readonly field: string;
  readonly entityId: string;
  readonly relatedEntityIds: readonly string[];
}

async function findings({ testbed }: ReviewWorld, { id }: ModelBatch): Promise<Found[]> {
  const { rows } = await testbed.runtime.pool.query<Found>(sql`
    SELECT row_index AS "rowIndex", ordinal, field, entity_id AS "entityId",
           related_entity_ids AS "relatedEntityIds"
    FROM finding WHERE batch_id = ${id} ORDER BY row_index, ordinal`);
  return rows;
}

/** An edited value for a field; a reference to one of the entities that there are. */
function editedValue({ model }: ReviewWorld, field: string, index: number): string {
  const referenced = { ownerId: 'contact', siteId: 'site' }[field];
  if (referenced === undefined) return `Edited ${index}`;
  const targets = [...model.entities.values()].filter(
    ({ entityType }) => entityType === referenced,
  );
  return pick(targets, index)?.id ?? '';
}

const decide =
  (
    mutation: 'acceptFindings' | 'rejectFindings' | 'reopenFindings',
    { isEdit = false, of = () => true }: { isEdit?: boolean; of?: (found: Found) => boolean } = {},
  ): Action =>
  async (world, first, second) => {
    const batch = pick(world.audits, second);
    const finding = batch && pick((await findings(world, batch)).filter(of), first);
    if (!batch || !finding) return;
    const { rowIndex, ordinal, field } = finding;
    const value = isEdit ? { value: editedValue(world, field, second) } : {};
    await mutate(world, mutation, {
      batchId: batch.id,
      findings: [{ rowIndex, ordinal, ...value }],
    });
  };

const resolve =
  (resolution: 'THEIRS' | 'OURS' | 'EDITED'): Action =>
  async (world, first, second) => {
    const batch = pick(world.audits, second);
    const conflict = batch && pick(await readConflicts(world, batch), first);
    if (!batch || !conflict) return;
    const { rowIndex, entityId } = conflict;
    const { rows: mergedWith } = await world.testbed.runtime.pool.query<{ id: string }>(sql`
      SELECT unnest(loser_ids) AS id FROM merge
      WHERE batch_id = ${batch.id} AND row_index = ${rowIndex} AND NOT applied`);
    const { rows: fields } = await world.testbed.runtime.pool.query<{ field: string }>(sql`
      SELECT DISTINCT field FROM finding
      WHERE batch_id = ${batch.id} AND row_index = ${rowIndex} AND decision = 'ACCEPTED'
        AND merge_id IS NULL ORDER BY field`);
    const values = fields.map(({ field }) => ({ field, value: editedValue(world, field, second) }));
    const resolved = await mutate(world, 'resolveConflict', {
      ...{ batchId: batch.id, rowIndex, resolution },
      ...(resolution === 'EDITED' ? { values } : {}),
    });
    if (resolved === null || resolution === 'THEIRS') return;
    for (const id of [entityId, ...mergedWith.map((merged) => merged.id)]) {
      world.model.look(batch, id);
    }
  };

async function changeOutside(
  { testbed, model }: ReviewWorld,
  entityId: string,
  [field, value]: readonly [keyof typeof COLUMNS, string | null],
): Promise<void> {
  await testbed.runtime.pool.query(
    `UPDATE ${COLUMNS[field].replace('.', ' SET ')} = $1 WHERE id = $2`,
    [value, entityId],
  );
  model.changeOutside(entityId, { [field]: value } satisfies Values);
}

const COLUMNS = {
  givenName: 'third_party.given_name',
  name: 'customer_site.name',
  manufacturer: 'customer_device.manufacturer',
  ownerId: 'customer_site.owner_id',
  siteId: 'customer_device.site_id',
} as const;

const NAME_OF = { contact: 'givenName', site: 'name', device: 'manufacturer' } as const;

/** By the name under which a failure shows them. */
export const ACTIONS: Readonly<Record<string, Action>> = {
  audit,
  accept: decide('acceptFindings'),
  edit: decide('acceptFindings', { isEdit: true }),
  refer: decide('acceptFindings', { isEdit: true, of: ({ field }) => field === 'siteId' }),
  reject: decide('rejectFindings'),
  reopen: decide('reopenFindings'),
  resolveTheirs: resolve('THEIRS'),
  resolveOurs: resolve('OURS'),
  resolveEdited: resolve('EDITED'),

  async acceptAll(world, first) {
    const batch = pick(world.audits, first);
    if (batch) await mutate(world, 'acceptFindings', { batchId: batch.id, filter: {} });
  },

  async reopenAll(world, first) {
    const batch = pick(world.audits, first);
    if (batch) await mutate(world, 'reopenFindings', { batchId: batch.id, filter: {} });
  },

  async merge(world, first, second) {
    const batch = pick(world.audits, second);
    if (!batch) return;
    const found = await findings(world, batch);
    const duplicate = pick(
      found.filter(({ relatedEntityIds }) => relatedEntityIds.length > 0),
      first,
    );
    if (!duplicate) return;
    await mutate(world, 'mergeDuplicates', {
      batchId: batch.id,
      survivorId: duplicate.entityId,
      loserIds: duplicate.relatedEntityIds.slice(0, 1 + (second % 2)),
    });
  },

  async promote(world, first) {
    const batch = pick(world.audits, first);
    if (!batch) return;
    const decided = await readDecided(world, batch);
    const before = (await readConflicts(world, batch)).map(({ entityId }) => entityId);
    await mutate(world, 'promoteStagedBatch', { batchId: batch.id });
    await world.testbed.untilResting(batch.id);
    const expected = new Set([...before, ...world.model.promote(batch, decided)]);
    const after = (await readConflicts(world, batch)).map(({ entityId }) => entityId);
    if (after.toSorted().join() !== [...expected].toSorted().join()) {
      throw new Error(`In conflict: ${after}; ought to be: ${[...expected]}.`);
    }
  },

  async revert(world, first) {
    const batch = pick([...world.audits, ...world.archivals], first);
    if (!batch) return;
    await mutate(world, 'revertPromotion', { batchId: batch.id });
    await world.testbed.untilResting(batch.id);
    world.model.revert(batch);
  },

  async archive(world, first) {
    const { workspaceId, model, archivals, testbed } = world;
    const entity = pick(
      [...model.entities.values()].filter(({ id }) => model.isActive(id)),
      first,
    );
    if (!entity) return;
    const archived = await mutate(world, 'archiveEntities', {
      workspaceId,
      entityType: entity.entityType.toUpperCase(),
      entityIds: [entity.id],
    });
    const batch = model.audit(String(archived?.id));
    const batchId = batch.id;
    await testbed.untilResting(batchId);
    await mutate(world, 'decideRecords', {
      ...{ batchId, records: [{ rowIndex: 0 }], decision: 'ACCEPTED' },
    });
    await mutate(world, 'promoteStagedBatch', { batchId });
    await testbed.untilResting(batchId);
    archivals.push(batch);
    model.archive(batch, entity.id);
  },

  async editOutside(world, first, second) {
    const entity = pick([...world.model.entities.values()], first);
    if (!entity) return;
    await changeOutside(world, entity.id, [NAME_OF[entity.entityType], `Outside ${second}`]);
  },

  async referOutside(world, first, second) {
    const entity = pick(
      [...world.model.entities.values()].filter(({ entityType }) => entityType !== 'contact'),
      first,
    );
    if (!entity) return;
    const field = entity.entityType === 'site' ? 'ownerId' : 'siteId';
    await changeOutside(world, entity.id, [field, editedValue(world, field, second)]);
  },
};
