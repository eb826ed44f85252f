import sql, { raw } from 'sql-template-tag';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ENTITY_TABLES } from '../../../../../src/domains/identity/profiles/entityTables.ts';
import type {
  DeviceFields,
  EntityType,
} from '../../../../../src/domains/identity/rules/entities.ts';
import { markNotDuplicates } from '../../../../../src/domains/identity/services/merge/markNotDuplicates.ts';
import { acceptFindings } from '../../support/acceptedFindings.ts';
import { readFields } from '../../support/changes.ts';
import { createIdentityTestbed, type IdentityTestbed } from '../../support/identityTestbed.ts';
import { createReviewBed } from '../review/reviewBed.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;
const daysAgo = (days: number) => new Date(Date.now() - days * DAY_MS);

let testbed: IdentityTestbed;
let review: ReturnType<typeof createReviewBed>;
let workspaceId: string;
let auditor: string;

beforeAll(async () => {
  testbed = await createIdentityTestbed();
  await testbed.startWorker();
  review = createReviewBed(testbed);
  auditor = await testbed.createUser('auditor');
});
beforeEach(async () => {
  workspaceId = await testbed.createWorkspace({ defaultCountry: 'US' });
});
afterAll(() => testbed.close());

interface Found {
  readonly entityId: string;
  readonly field: string;
  readonly message: string;
  readonly currentValue: string | null;
  readonly suggestedValue: string | null;
  readonly certainty: string | null;
  readonly relatedEntityIds: readonly string[];
  readonly rowIndex: number;
  readonly ordinal: number;
}

/** Audits the workspace, and returns what one rule found there. */
async function findingsOf(ruleId: string): Promise<{ batchId: string; found: Found[] }> {
  const batchId = await review.audit(workspaceId, auditor);
  const { rows } = await testbed.runtime.pool.query<Found>(sql`
    SELECT entity_id AS "entityId", field, message, current_value AS "currentValue",
           suggested_value AS "suggestedValue", suggestion_certainty AS certainty,
           related_entity_ids AS "relatedEntityIds", row_index AS "rowIndex", ordinal
    FROM finding WHERE batch_id = ${batchId} AND rule_id = ${ruleId} ORDER BY row_index`);
  return { batchId, found: rows };
}

async function merge(entityType: EntityType, loser: string, survivor: string): Promise<void> {
  await testbed.runtime.pool.query(sql`
    UPDATE ${raw(ENTITY_TABLES[entityType])} SET state = 'MERGED', merged_into_id = ${survivor}
    WHERE id = ${loser}`);
}

const site = (name: string, fields = {}) =>
  testbed.createEntity(workspaceId, 'site', { name, latitude: 41.9, longitude: -87.6, ...fields });
const device = (fields: Partial<DeviceFields>) =>
  testbed.createEntity(workspaceId, 'device', { manufacturer: 'Okaline', model: 'G2', ...fields });

describe('sites without an owner', () => {
  it('are found where others have one, and where none has they are not', async () => {
    await site('Harbor Clinic');
    const ownerId = await testbed.createEntity(workspaceId, 'contact', { familyName: 'Marlow' });
    const { found: nowhere } = await findingsOf('site.owner.missing');
    await site('Lakeside School', { ownerId });
    const { found } = await findingsOf('site.owner.missing');

    expect(nowhere).toEqual([]);
    expect(found).toMatchObject([{ field: 'ownerId', message: 'The site has no owner.' }]);
  });
});

describe('references to archived entities', () => {
  it('are found, but not those of retired devices', async () => {
    const archived = await site('Closed', { state: 'ARCHIVED' });
    const forgotten = await device({ siteId: archived, serialNumber: 'A-1' });
    await device({ siteId: archived, serialNumber: 'A-2', status: 'RETIRED' });
    await device({ siteId: await site('Open'), serialNumber: 'A-3' });

    expect((await findingsOf('device.site.archived')).found).toMatchObject([
      { entityId: forgotten, field: 'siteId', currentValue: archived, suggestedValue: null },
    ]);
  });

  it('are found where a site’s owner is archived', async () => {
    const contact = { familyName: 'Meier', email: 'meier@example.com' };
    const ownerId = await testbed.createEntity(workspaceId, 'contact', {
      ...contact,
      state: 'ARCHIVED',
    });
    const orphan = await site('Orphan', { ownerId });

    expect((await findingsOf('site.owner.archived')).found).toMatchObject([
      { entityId: orphan, field: 'ownerId', currentValue: ownerId },
    ]);
  });
});

describe('references to merged entities', () => {
  it('are to point at the survivor of the last merge, and do when that is promoted', async () => {
    const [first, second, survivor] = [await site('A'), await site('B'), await site('C')];
    const lost = await device({ siteId: first, serialNumber: 'A-1' });
    await device({ siteId: survivor, serialNumber: 'A-2' });
    await merge('site', first, second);
    await merge('site', second, survivor);

    const { batchId, found } = await findingsOf('device.site.merged');

    expect(found).toMatchObject([
      { entityId: lost, currentValue: first, suggestedValue: survivor, certainty: 'CERTAIN' },
    ]);
    await acceptFindings(testbed, { batchId, decidedBy: auditor });
    await testbed.runtime.promotion.promoteStagedBatch({ batchId, actorId: auditor });
    await testbed.untilResting(batchId);
    expect(await readFields(testbed.runtime.pool, 'device', lost, ['siteId'])).toMatchObject({
      siteId: survivor,
    });
  });

  it('have no suggestion where the survivor is archived', async () => {
    const [loser, survivor] = [await site('A'), await site('B', { state: 'ARCHIVED' })];
    const lost = await device({ siteId: loser, serialNumber: 'A-1' });
    await merge('site', loser, survivor);

    expect((await findingsOf('device.site.merged')).found).toMatchObject([
      { entityId: lost, suggestedValue: null, certainty: null },
    ]);
  });

  it('end even where merges go in a circle', async () => {
    const [one, other] = [await site('A'), await site('B')];
    await device({ siteId: one, serialNumber: 'A-1' });
    await merge('site', one, other);
    await merge('site', other, one);

    expect((await findingsOf('device.site.merged')).found).toMatchObject([
      { suggestedValue: null },
    ]);
  });

  it('are found where a site’s owner was merged', async () => {
    const [loser, survivor] = [
      await testbed.createEntity(workspaceId, 'contact', { familyName: 'Meier' }),
      await testbed.createEntity(workspaceId, 'contact', { familyName: 'Maier' }),
    ];
    const owned = await site('Owned', { ownerId: loser });
    await merge('contact', loser, survivor);

    expect((await findingsOf('site.owner.merged')).found).toMatchObject([
      { entityId: owned, field: 'ownerId', suggestedValue: survivor, certainty: 'CERTAIN' },
    ]);
  });
});

describe('what is stale', () => {
  /** Says that an entity was changed last so many days ago. */
  const age = (entityType: EntityType, id: string, days: number) =>
    setUpdatedAt(entityType, id, daysAgo(days).toISOString());

  async function setUpdatedAt(entityType: EntityType, id: string, at: string): Promise<void> {
    const table = ENTITY_TABLES[entityType];
    await testbed.runtime.pool.query(`
      BEGIN;
      ALTER TABLE ${table} DISABLE TRIGGER stamp_entity_change;
      UPDATE ${table} SET updated_at = '${at}' WHERE id = '${id}';
      ALTER TABLE ${table} ENABLE TRIGGER stamp_entity_change;
      COMMIT`);
  }
  const dayOf = (date: Date) => date.toISOString().slice(0, 10);

  it('was not changed for two years', async () => {
    const [old, fresh] = [await site('Old'), await site('Fresh')];
    await age('site', old, 732);
    await age('site', fresh, 728);

    const lastChange = dayOf(daysAgo(732));
    expect((await findingsOf('site.stale')).found).toMatchObject([
      {
        entityId: old,
        field: 'updatedAt',
        message: `Neither changed nor confirmed since ${lastChange}.`,
        currentValue: lastChange,
        suggestedValue: null,
      },
    ]);
  });

  it('is said to be without a date where the date of the last change is none', async () => {
    const id = await site('Loaded');
    await setUpdatedAt('site', id, '-infinity');

    expect((await findingsOf('site.stale')).found).toMatchObject([
      {
        entityId: id,
        message: 'Nobody knows when this was changed last, and nobody has confirmed it.',
        currentValue: null,
      },
    ]);
  });

  it('leaves out retired devices, and what is archived', async () => {
    const retired = await device({ serialNumber: 'A-1', status: 'RETIRED' });
    const used = await device({ serialNumber: 'A-2' });
    const archived = await site('Archived', { state: 'ARCHIVED' });
    for (const id of [retired, used]) await age('device', id, 1_000);
    await age('site', archived, 1_000);

    expect((await findingsOf('device.stale')).found).toMatchObject([{ entityId: used }]);
    expect((await findingsOf('site.stale')).found).toEqual([]);
  });

  it.each(['WAIVED', 'REJECTED'] as const)(
    'is fresh again for two years when a person has %s the finding; an audit is no person',
    async (decision) => {
      const id = await testbed.createEntity(workspaceId, 'contact', { familyName: 'Meier' });
      await age('contact', id, 1_000);
      expect((await findingsOf('contact.stale')).found).toHaveLength(1);
      const { batchId, found } = await findingsOf('contact.stale');
      expect(found).toHaveLength(1);

      const filter = { ruleId: 'contact.stale' };
      await review.decide({ batchId, actorId: auditor, decision, selection: { filter } });

      expect((await findingsOf('contact.stale')).found).toEqual([]);
      await testbed.runtime.pool.query(sql`
        UPDATE decision SET created_at = ${daysAgo(731)} WHERE batch_id = ${batchId}`);
      expect((await findingsOf('contact.stale')).found).toMatchObject([
        { currentValue: dayOf(daysAgo(731)) },
      ]);
    },
  );
});

describe('near-equal serial numbers', () => {
  const RULE = 'device.serial.near-equal';
  const serials = async (...numbers: readonly string[]) => {
    const ids: string[] = [];
    for (const serialNumber of numbers) ids.push(await device({ serialNumber }));
    return ids;
  };

  it.each([
    ['BM-100234', 'BM-1OO234'],
    ['BM-100234', 'bm l00234'],
    ['BM-100254', 'BM-10O2S4'],
    ['BM-100284', 'BM-1002B4'],
    ['BM-120234', 'BM-210234'],
    ['QQ9981243', 'QQ9982143'],
    ['BM-100234', 'BM-100324'],
  ])('%s and %s name each other', async (one, other) => {
    const [first, second] = await serials(one, other, 'BM-100999');

    expect((await findingsOf(RULE)).found).toMatchObject([
      {
        entityId: first,
        field: 'serialNumber',
        message: `Looks like the serial number ${other} of another device of this manufacturer and model.`,
        currentValue: one,
        suggestedValue: null,
        relatedEntityIds: [second],
      },
      { entityId: second, relatedEntityIds: [first] },
    ]);
  });

  it.each([
    [['BM-100234', 'BM-100243'], 'are numbers that were counted up'],
    [['BM-100234', 'bm 100234'], 'are the same, which another rule reports'],
    [['OOOOO', '00000'], 'are placeholders'],
    [['A120000', 'A210000', 'A340000', 'A430000'], 'are of a model that has all numbers in use'],
    [['A1000', 'A1002', 'A2001', 'A1200', 'A2100', 'A3100'], 'are sparse, but in use all the same'],
    [['B'.repeat(65), `O${'B'.repeat(64)}`, `0${'B'.repeat(64)}`], 'are too long'],
    [['1A80', '1AB0', '1AC0', '1AD0'], 'are hexadecimal'],
  ])('%j are none: they %s', async (numbers) => {
    await serials(...numbers);
    expect((await findingsOf(RULE)).found).toEqual([]);
  });

  it('are found for each of several pairs, also where one is of two devices', async () => {
    const counted = Array.from({ length: 40 }, (_, n) => `KL5${String(n * 7).padStart(4, '0')}`);
    await serials(...counted);
    const [one, other, twin] = await serials('XYZ98765', 'XZY98765', 'XYZ-98765');
    const [third, fourth] = await serials('MN70481234', 'MN74081234');

    const { found } = await findingsOf(RULE);

    const related = new Map(found.map((f) => [f.entityId, f.relatedEntityIds.toSorted()]));
    expect(related).toEqual(
      new Map([
        [one, [other]],
        [other, [one, twin].toSorted()],
        [twin, [other]],
        [third, [fourth]],
        [fourth, [third]],
      ]),
    );
  });

  it('are found among devices of which the model is not known', async () => {
    const model = { manufacturer: null, model: null };
    const one = await device({ serialNumber: 'ZT10O1', ...model });
    const other = await device({ serialNumber: 'ZT1001', ...model });

    expect((await findingsOf(RULE)).found).toMatchObject([
      {
        entityId: one,
        message: 'Looks like the serial number ZT1001 of another device.',
        relatedEntityIds: [other],
      },
      { entityId: other },
    ]);
  });

  it('take no longer for a long text', async () => {
    await serials('7'.repeat(2_000), 'BM-120234', 'BM-210234');
    expect((await findingsOf(RULE)).found).toHaveLength(2);
  });

  it('are of one model, in one workspace, and not said to be of two devices', async () => {
    const [one = '', other = ''] = await serials('BM-100234', 'BM-1OO234');
    await device({ serialNumber: 'BM-10O234', model: 'G4' });
    const elsewhere = await testbed.createWorkspace({ defaultCountry: 'US' });
    await testbed.createEntity(elsewhere, 'device', {
      serialNumber: 'BM-1O0234',
      manufacturer: 'Okaline',
      model: 'G2',
    });
    const { batchId, found } = await findingsOf(RULE);
    expect(found.map(({ relatedEntityIds }) => relatedEntityIds)).toEqual([[other], [one]]);
    await markNotDuplicates(testbed.runtime.pool, {
      batchId,
      actorId: auditor,
      entityIds: [one, other],
      comment: null,
    });
    expect((await findingsOf(RULE)).found).toEqual([]);
  });
});
