import sql from 'sql-template-tag';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { MatchChoice } from '../../../../../src/domains/identity/services/review/chooseMatch.ts';
import { listDecisions } from '../../../../../src/domains/identity/services/review/decisionLog.ts';
import { acceptFindings } from '../../support/acceptedFindings.ts';
import { readFields } from '../../support/changes.ts';
import { createIdentityTestbed, type IdentityTestbed } from '../../support/identityTestbed.ts';
import { createImportBed, type ImportBed } from '../promotion/importBed.ts';

let testbed: IdentityTestbed;
let bed: ImportBed;
let workspaceId: string;
let actorId: string;
let reviewerId: string;

beforeAll(async () => {
  testbed = await createIdentityTestbed();
  await testbed.startWorker();
  actorId = await testbed.createUser('promoter');
  reviewerId = await testbed.createUser('reviewer');
});
beforeEach(async () => {
  workspaceId = await testbed.createWorkspace({ defaultCountry: 'US' });
  bed = createImportBed(testbed, { workspaceId, actorId, reviewerId });
});
afterAll(() => testbed.close());

const ADA = { givenName: 'Ada', familyName: 'Byron', email: 'ada@example.com' };
const contact = (fields: object) => testbed.createEntity(workspaceId, 'contact', fields);

/** A row that may be either of two contacts. */
async function ambiguous(row: object = { ...ADA, locality: 'Boston' }) {
  const ids = [await contact(ADA), await contact(ADA)].toSorted() as [string, string];
  return { ids, batchId: await bed.importRows([{ ...row }]) };
}

const choose = (batchId: string, choice: Partial<MatchChoice>, chooser = reviewerId) =>
  testbed.runtime.matchChoice.chooseMatch({
    ...{ batchId, actorId: chooser, comment: null },
    choices: [{ rowIndex: 0, entityId: null, version: null, ...choice }],
  });

async function stateOf(batchId: string) {
  const { rows } = await testbed.runtime.pool.query(sql`
    SELECT match_kind AS kind, match_by AS by, matched_id AS id, decision,
           decision_version AS version
    FROM staged_record_state WHERE batch_id = ${batchId} AND row_index = 0`);
  return rows[0];
}

async function findingsOf(batchId: string) {
  const { rows } = await testbed.runtime.pool.query(sql`
    SELECT rule_id AS "ruleId", entity_id AS "entityId", decision FROM finding
    WHERE batch_id = ${batchId} ORDER BY ordinal`);
  return rows;
}

describe('a choice', () => {
  it('of a candidate makes the row an update, to be accepted and promoted', async () => {
    const { ids, batchId } = await ambiguous();

    await choose(batchId, { entityId: ids[1], version: 0 });

    expect(await stateOf(batchId)).toEqual({
      ...{ kind: 'UPDATE', by: 'CHOICE', id: ids[1], decision: 'OPEN', version: 1 },
    });
    await bed.decide(batchId, 'ACCEPTED');
    expect(await bed.promote(batchId)).toMatchObject({ status: 'COMPLETED' });
    expect(await readFields(testbed.runtime.pool, 'contact', ids[1], ['locality'])).toEqual({
      locality: 'Boston',
    });
  });

  it('that the row is new makes an entity of it', async () => {
    const { batchId } = await ambiguous();

    await choose(batchId, {});
    await bed.decide(batchId, 'ACCEPTED');
    await bed.promote(batchId);

    expect(await bed.changes(batchId)).toMatchObject([{ kind: 'CREATED' }]);
  });

  it('that the row is new holds for one that names an id as well', async () => {
    const id = await contact(ADA);
    const batchId = await bed.importRows([{ ...ADA, id, locality: 'Boston' }]);

    await choose(batchId, {});
    await bed.decide(batchId, 'ACCEPTED');
    await bed.promote(batchId);

    expect(await bed.changes(batchId)).toMatchObject([{ kind: 'CREATED' }]);
  });

  it('of an entity of which the row says nothing new leaves nothing to do', async () => {
    const { ids, batchId } = await ambiguous(ADA);

    await choose(batchId, { entityId: ids[0] });

    expect(await stateOf(batchId)).toMatchObject({ kind: 'UNCHANGED', id: ids[0] });
    expect(await testbed.untilResting(batchId)).toMatchObject({ status: 'COMPLETED' });
  });

  it('changes a wrong match to another entity, and takes back what was decided', async () => {
    await contact({ ...ADA, externalId: 'C-1' });
    const other = await contact({ familyName: 'Other' });
    const batchId = await bed.importRows([{ externalId: 'C-1', locality: 'Boston' }]);
    await bed.decide(batchId, 'ACCEPTED');

    await choose(batchId, { entityId: other, version: 1 });

    expect(await stateOf(batchId)).toMatchObject({ id: other, decision: 'OPEN', version: 2 });
  });

  it('has the row judged anew, and keeps what was decided on its findings', async () => {
    const id = await contact({ ...ADA, phone: '+13125550142' });
    const batchId = await bed.importRows([{ familyName: 'Byron', phone: '(312) 555-0199' }]);
    expect(await findingsOf(batchId)).not.toMatchObject([{ entityId: id }]);
    await acceptFindings(testbed, { batchId, decidedBy: reviewerId, field: 'phone' });

    await choose(batchId, { entityId: id });

    expect(await findingsOf(batchId)).toEqual([
      { ruleId: 'contact.phone.format', entityId: null, decision: 'ACCEPTED' },
    ]);
  });

  it('is kept in the history of the record, and may be made again', async () => {
    const { ids, batchId } = await ambiguous();
    await choose(batchId, { entityId: ids[0] });
    await choose(batchId, { version: 1 });

    const key = { batchId, rowIndex: 0, ordinal: -1 };
    expect(await listDecisions(testbed.runtime.pool, [key])).toMatchObject([
      { version: 1, decision: 'OPEN', matchChoice: ids[0], decidedById: reviewerId },
      { version: 2, decision: 'OPEN', matchChoice: 'NEW' },
    ]);
  });

  it('is one again after the record was accepted and reopened', async () => {
    const { ids, batchId } = await ambiguous();
    await choose(batchId, { entityId: ids[0] });
    await bed.decide(batchId, 'ACCEPTED');

    await bed.decide(batchId, 'OPEN');

    expect(await stateOf(batchId)).toMatchObject({ kind: 'AMBIGUOUS', id: null });
  });
});

describe('a choice is refused', () => {
  it('where the record was decided on since the reviewer looked', async () => {
    const { ids, batchId } = await ambiguous();
    await choose(batchId, { entityId: ids[0], version: 0 });

    await expect(choose(batchId, { version: 0 }, actorId)).rejects.toMatchObject({
      code: 'CONFLICT',
    });
    expect(await stateOf(batchId)).toMatchObject({ id: ids[0], version: 1 });
  });

  it('for an entity of another workspace, in the words for one that there is not', async () => {
    const { batchId } = await ambiguous();
    const elsewhere = await testbed.createWorkspace();
    const foreign = await testbed.createEntity(elsewhere, 'contact', ADA);

    for (const entityId of [foreign, '00000000-0000-7000-8000-000000000000', 'C-1']) {
      await expect(choose(batchId, { entityId })).rejects.toMatchObject({
        code: 'BAD_USER_INPUT',
        message: `This workspace has no active contact ${entityId}.`,
      });
    }
  });

  it('for a record that is in production', async () => {
    const batchId = await bed.importAndPromote([{ ...ADA }]);
    await testbed.runtime.pool.query(sql`
      UPDATE staged_batch SET status = 'READY_FOR_REVIEW' WHERE id = ${batchId}`);

    await expect(choose(batchId, {})).rejects.toMatchObject({
      message: 'Record 0 is in production. Revert its promotion first.',
    });
  });

  it('for a record that could not be read', async () => {
    const batchId = await bed.importRows([{ ...ADA, birthDate: 'soon' }, { ...ADA }]);

    await expect(choose(batchId, {})).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('for a record that there is not', async () => {
    const { batchId } = await ambiguous();

    await expect(choose(batchId, { rowIndex: 7 })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
    });
  });
});
