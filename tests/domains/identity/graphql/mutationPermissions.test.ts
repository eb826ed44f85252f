import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { schema } from '../../../../src/domains/identity/graphql/schema.ts';
import { saveMapping } from '../../../../src/domains/identity/services/imports/savedMappings.ts';
import type { Ask } from '../support/graphqlClient.ts';
import { createGraphQLTestbed, type GraphQLTestbed } from '../support/graphqlTestbed.ts';

const ROLES = ['VIEWER', 'EDITOR', 'REVIEWER', 'ADMIN'] as const;
type Role = (typeof ROLES)[number];

/** A workspace with a member of each role, and an audit that is ready for review. */
interface World {
  readonly workspaceId: string;
  readonly batchId: string;
  readonly contactIds: readonly [string, string];
  readonly memberId: string;
  readonly scheduleId: string;
  readonly mappingId: string;
}

interface Mutation {
  /** The least role that may; null where any signed-in user may. */
  readonly least: Role | null;
  readonly input: (world: World) => object;
  /** The same, asked in one's own workspace for what belongs to the other; null where all is named by one id. */
  readonly mixed: ((own: World, other: World) => object) | null;
}

const finding = { rowIndex: 0, ordinal: 0 };

const MUTATIONS: Readonly<Record<string, Mutation>> = {
  createWorkspace: {
    least: null,
    input: () => ({ slug: `w-${uuidv7()}`, name: 'Made by a test' }),
    mixed: null,
  },
  ingestStagedBatch: {
    least: 'EDITOR',
    input: ({ workspaceId }) => ({
      ...{ workspaceId, profile: 'contactImport', rows: [{ givenName: 'Ada' }] },
    }),
    mixed: null,
  },
  updateWorkspace: {
    least: 'ADMIN',
    input: ({ workspaceId }) => ({ workspaceId, fourEyes: true }),
    mixed: null,
  },
  configureWorkspace: {
    least: 'ADMIN',
    input: ({ workspaceId }) => ({ workspaceId, defaultCountry: 'DE' }),
    mixed: null,
  },
  backTest: {
    least: 'ADMIN',
    input: ({ workspaceId }) => ({ workspaceId, defaultCountry: 'DE' }),
    mixed: null,
  },
  setMember: {
    least: 'ADMIN',
    input: ({ workspaceId, memberId }) => ({ workspaceId, userId: memberId, role: 'VIEWER' }),
    mixed: null,
  },
  removeMember: {
    least: 'ADMIN',
    input: ({ workspaceId, memberId }) => ({ workspaceId, userId: memberId }),
    mixed: null,
  },
  archiveWorkspace: {
    least: 'ADMIN',
    input: ({ workspaceId }) => ({ workspaceId }),
    mixed: null,
  },
  restoreWorkspace: {
    least: 'ADMIN',
    input: ({ workspaceId }) => ({ workspaceId }),
    mixed: null,
  },
  createAuditSchedule: {
    least: 'ADMIN',
    input: ({ workspaceId }) => ({ workspaceId, cron: '30 2 * * *' }),
    mixed: null,
  },
  updateAuditSchedule: {
    least: 'ADMIN',
    input: ({ scheduleId }) => ({ scheduleId, paused: true }),
    mixed: null,
  },
  deleteAuditSchedule: {
    least: 'ADMIN',
    input: ({ scheduleId }) => ({ scheduleId }),
    mixed: null,
  },
  deleteImportMapping: {
    least: 'EDITOR',
    input: ({ mappingId }) => ({ mappingId }),
    mixed: null,
  },
  triggerDataAudit: {
    least: 'EDITOR',
    input: ({ workspaceId }) => ({ workspaceId }),
    mixed: null,
  },
  acceptFindings: {
    least: 'REVIEWER',
    input: ({ batchId }) => ({ batchId, findings: [finding] }),
    mixed: null,
  },
  rejectFindings: {
    least: 'REVIEWER',
    input: ({ batchId }) => ({ batchId, findings: [finding] }),
    mixed: null,
  },
  waiveFindings: {
    least: 'REVIEWER',
    input: ({ batchId }) => ({ batchId, findings: [finding], reason: 'It is meant so.' }),
    mixed: null,
  },
  reopenFindings: {
    least: 'REVIEWER',
    input: ({ batchId }) => ({ batchId, findings: [finding] }),
    mixed: null,
  },
  decideRecords: {
    least: 'REVIEWER',
    input: ({ batchId }) => ({ batchId, records: [{ rowIndex: 0 }], decision: 'ACCEPTED' }),
    mixed: null,
  },
  assignRecords: {
    least: 'REVIEWER',
    input: ({ batchId, memberId }) => ({ batchId, rows: [0], assigneeId: memberId }),
    mixed: (own, other) => ({ batchId: own.batchId, rows: [0], assigneeId: other.memberId }),
  },
  promoteStagedBatch: { least: 'REVIEWER', input: ({ batchId }) => ({ batchId }), mixed: null },
  resolveConflict: {
    least: 'REVIEWER',
    input: ({ batchId }) => ({ batchId, rowIndex: 0, resolution: 'THEIRS' }),
    mixed: null,
  },
  chooseMatch: {
    least: 'REVIEWER',
    input: ({ batchId }) => ({ batchId, choices: [{ rowIndex: 0 }] }),
    mixed: null,
  },
  mergeDuplicates: {
    least: 'REVIEWER',
    input: ({ batchId, contactIds: [survivorId, loserId] }) => ({
      batchId,
      survivorId,
      loserIds: [loserId],
    }),
    mixed: (own, other) => ({
      batchId: own.batchId,
      survivorId: own.contactIds[0],
      loserIds: [other.contactIds[0]],
    }),
  },
  markNotDuplicates: {
    least: 'REVIEWER',
    input: ({ batchId, contactIds }) => ({ batchId, entityIds: contactIds }),
    mixed: (own, other) => ({
      batchId: own.batchId,
      entityIds: [own.contactIds[0], other.contactIds[0]],
    }),
  },
  archiveEntities: {
    least: 'REVIEWER',
    input: ({ workspaceId, contactIds }) => ({
      workspaceId,
      entityType: 'CONTACT',
      entityIds: contactIds,
    }),
    mixed: (own, other) => ({
      workspaceId: own.workspaceId,
      entityType: 'CONTACT',
      entityIds: other.contactIds,
    }),
  },
  erasePerson: {
    least: 'ADMIN',
    input: ({ contactIds: [contactId] }) => ({ contactId, reason: 'Request 1' }),
    mixed: null,
  },
  revertPromotion: { least: 'REVIEWER', input: ({ batchId }) => ({ batchId }), mixed: null },
  retryStagedBatch: { least: 'REVIEWER', input: ({ batchId }) => ({ batchId }), mixed: null },
  // The batch is the reviewer's: an editor may cancel only their own.
  cancelStagedBatch: { least: 'REVIEWER', input: ({ batchId }) => ({ batchId }), mixed: null },
};

let testbed: GraphQLTestbed;
let ask: Ask;
let other: World;

beforeAll(async () => {
  testbed = await createGraphQLTestbed();
  ask = testbed.ask;
  await testbed.startWorker();
  other = await buildWorld((role) => `other-${role}`);
});
afterAll(() => testbed.close());

const memberOf = (role: Role): string => role.toLowerCase();

async function buildWorld(nameOf: (role: Role) => string = memberOf): Promise<World> {
  const reviewerId = await testbed.userId(nameOf('REVIEWER'));
  const workspaceId = await testbed.createWorkspace({
    createdBy: await testbed.userId(nameOf('ADMIN')),
    defaultCountry: 'US',
  });
  for (const role of ROLES.slice(0, -1)) {
    await testbed.addMember(workspaceId, await testbed.userId(nameOf(role)), role);
  }
  const memberId = await testbed.userId(`${nameOf('VIEWER')}-member-${workspaceId}`);
  await testbed.addMember(workspaceId, memberId, 'REVIEWER');
  const twin = { familyName: ' Meier', email: 'meier@example.com' };
  const contactIds = [
    await testbed.createEntity(workspaceId, 'contact', twin),
    await testbed.createEntity(workspaceId, 'contact', twin),
  ] as const;
  const { batch } = await testbed.runtime.auditRunner.triggerDataAudit({
    workspaceId,
    createdBy: reviewerId,
  });
  await testbed.untilResting(batch.id);
  const scheduleId = await testbed.runtime.schedules.create({
    ...{ workspaceId, ownerId: reviewerId, cron: '0 6 * * *' },
    ...{ timeZone: null, mode: null, title: null },
  });
  const mappingId = await createMapping(workspaceId, reviewerId);
  return { workspaceId, batchId: batch.id, contactIds, memberId, scheduleId, mappingId };
}

async function createMapping(workspaceId: string, savedBy: string): Promise<string> {
  const { pool } = testbed.runtime;
  const reading = {
    ...{ columns: [], constants: {}, dateOrder: null, decimalSeparator: null },
    ...{ blankErases: false, encoding: null, delimiter: null },
  };
  await saveMapping(pool, { workspaceId, profile: 'siteImport', name: 'CRM' }, reading, savedBy);
  const { rows } = await pool.query('SELECT id FROM import_mapping WHERE workspace_id = $1', [
    workspaceId,
  ]);
  return rows[0].id;
}

/** @returns the error's code, or null where it was done */
async function attempt(user: string | null, name: string, input: object): Promise<string | null> {
  const inputType = schema.getMutationType()?.getFields()[name]?.args[0]?.type;
  const document = `mutation ($input: ${inputType}) { ${name}(input: $input) { __typename } }`;
  const { errors } = await ask(user, document, { input });
  return errors ? String(errors[0]?.extensions.code) : null;
}

/** What a mutation could change in a workspace, except in production itself. */
async function state({ workspaceId, batchId }: World): Promise<unknown> {
  const { rows } = await testbed.runtime.pool.query(
    `SELECT
       (SELECT jsonb_agg(jsonb_build_array(id, status, attempt) ORDER BY id)
        FROM staged_batch WHERE workspace_id = $1) AS batches,
       (SELECT jsonb_agg(jsonb_build_array(row_index, ordinal, decision, version) ORDER BY row_index, ordinal)
        FROM finding WHERE batch_id = $2) AS findings,
       (SELECT count(*) FROM decision WHERE batch_id = $2) AS decisions,
       (SELECT count(*) FROM staged_record_state WHERE batch_id = $2) AS states,
       (SELECT count(*) FROM waiver WHERE workspace_id = $1) AS waivers,
       (SELECT count(*) FROM not_duplicate WHERE workspace_id = $1) AS pairs,
       (SELECT count(*) FROM merge WHERE batch_id = $2) AS merges,
       (SELECT count(*) FROM batch_run WHERE batch_id = $2) AS runs,
       (SELECT jsonb_agg(jsonb_build_array(user_id, role) ORDER BY user_id)
        FROM membership WHERE workspace_id = $1) AS members,
       (SELECT jsonb_agg(id) FROM configuration_change WHERE workspace_id = $1) AS configured,
       (SELECT jsonb_agg(to_jsonb(s)) FROM audit_schedule s WHERE workspace_id = $1) AS schedules,
       (SELECT jsonb_build_array(four_eyes, default_country, archived_at)
        FROM workspace WHERE id = $1) AS settings`,
    [workspaceId, batchId],
  );
  return rows[0];
}

it('knows every mutation', () => {
  expect(Object.keys(MUTATIONS).sort()).toEqual(
    Object.keys(schema.getMutationType()?.getFields() ?? {}).sort(),
  );
});

describe.each(Object.entries(MUTATIONS))('%s', (name, { least, input, mixed }) => {
  const refused = least === null ? [] : ROLES.slice(0, ROLES.indexOf(least));

  it('refuses who is not signed in, a stranger, and roles that may not, and changes nothing', async () => {
    const world = await buildWorld();
    const before = await state(world);
    expect(await attempt(null, name, input(world))).toBe('UNAUTHENTICATED');
    if (least !== null) {
      expect(await attempt('other-ADMIN', name, input(world))).toBe('NOT_FOUND');
    }
    for (const role of refused) {
      expect([role, await attempt(memberOf(role), name, input(world))]).toEqual([
        role,
        'FORBIDDEN',
      ]);
    }
    expect(await state(world)).toEqual(before);
  });

  it.each(ROLES.slice(refused.length))('lets %s', async (role) => {
    const world = await buildWorld();
    const code = await attempt(memberOf(role), name, input(world));
    expect([null, 'BAD_USER_INPUT', 'CONFLICT', 'AUDIT_IN_PROGRESS']).toContain(code);
  });

  it.runIf(mixed)('takes nothing of another workspace', async () => {
    const world = await buildWorld();
    const [before, otherBefore] = [await state(world), await state(other)];
    const code = await attempt(memberOf('ADMIN'), name, mixed?.(world, other) ?? {});
    expect(['NOT_FOUND', 'BAD_USER_INPUT']).toContain(code);
    expect([await state(world), await state(other)]).toEqual([before, otherBefore]);
  });
});
