import sql, { type Sql } from 'sql-template-tag';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { listEntityFindings } from '../../../../../src/domains/identity/services/ledger/ledgerFindings.ts';
import { readQualityScores } from '../../../../../src/domains/identity/services/score/qualityScore.ts';
import { acceptFindings } from '../../support/acceptedFindings.ts';
import { type BatchBed, createBatchBed } from '../../support/batchBed.ts';
import { setFields } from '../../support/changes.ts';
import { createIdentityTestbed, type IdentityTestbed } from '../../support/identityTestbed.ts';
import { createReviewBed } from '../review/reviewBed.ts';

let testbed: IdentityTestbed;
let bed: BatchBed;
let reviews: ReturnType<typeof createReviewBed>;
let ann: string;
let workspaceId: string;
let entityId: string;
let batchId: string;

const PHONE = '(312) 555-0142';

beforeAll(async () => {
  testbed = await createIdentityTestbed();
  await testbed.startWorker();
  ann = await testbed.createUser('Ann');
  bed = createBatchBed(testbed, ann);
  reviews = createReviewBed(testbed);
});
/** A contact whose email address is waived, until tomorrow, and whose phone number is not. */
beforeEach(async () => {
  workspaceId = await testbed.createWorkspace({ createdBy: ann, defaultCountry: 'US' });
  entityId = await testbed.createEntity(workspaceId, 'contact', {
    ...{ familyName: 'Okafor', email: 'no address', phone: PHONE },
  });
  batchId = await bed.audit(workspaceId);
  await reviews.decide({
    ...{ batchId, actorId: ann, decision: 'WAIVED' },
    selection: { filter: { ruleId: 'contact.email.syntax' } },
    waiver: { reason: 'They have none.', expiresAt: new Date(Date.now() + 86_400_000) },
  });
});
afterAll(() => testbed.close());

const run = (statement: Sql) => testbed.runtime.pool.query(statement);
const change = (fields: Record<string, string | null>) =>
  setFields(testbed.runtime.pool, 'contact', entityId, fields);

/** What the ledger says of the email address. */
async function inLedger(): Promise<string | undefined> {
  const findings = await listEntityFindings(testbed.runtime.pool, [{ workspaceId, entityId }], {
    openOnly: false,
  });
  return findings.find(({ ruleId }) => ruleId === 'contact.email.syntax')?.state;
}

/** What has been decided about the email address in a batch. */
async function decisionIn(ofBatch: string): Promise<string | undefined> {
  const findings = await reviews.findings(ofBatch);
  return findings.find(({ ruleId }) => ruleId === 'contact.email.syntax')?.decision;
}

async function afterAnotherAudit() {
  const again = await bed.audit(workspaceId);
  return { decision: await decisionIn(again), state: await inLedger() };
}

const WAIVED = { decision: 'WAIVED', state: 'WAIVED' };
const OPEN = { decision: 'OPEN', state: 'OPEN' };

describe('a waiver', () => {
  it('holds at once, and over audits while nothing changes', async () => {
    expect(await inLedger()).toBe('WAIVED');
    expect(await afterAnotherAudit()).toEqual(WAIVED);
    expect(await afterAnotherAudit()).toEqual(WAIVED);
  });

  describe('ends', () => {
    it('when the value is changed in production', async () => {
      await change({ email: 'still none' });
      expect(await afterAnotherAudit()).toEqual(OPEN);
    });

    it('when the value is changed by a promotion', async () => {
      await run(sql`UPDATE finding SET decision = 'OPEN'
        WHERE batch_id = ${batchId} AND rule_id = 'contact.email.syntax'`);
      await acceptFindings(testbed, {
        ...{ batchId, decidedBy: ann, field: 'email', value: 'still none' },
      });
      expect(await bed.promote(batchId)).toMatchObject({ applied: 1 });
      expect(await afterAnotherAudit()).toEqual(OPEN);
    });

    it('when the version of the rule is another', async () => {
      // As if it had been given for an earlier version of the rule that there is now.
      await run(sql`UPDATE waiver SET rule_version = rule_version - 1
        WHERE workspace_id = ${workspaceId}`);
      expect(await afterAnotherAudit()).toEqual(OPEN);
    });

    it('when its end has come, at once where it is asked what is open now', async () => {
      const [before] = await readQualityScores(testbed.runtime.pool, [workspaceId]);
      await run(sql`UPDATE waiver SET expires_at = now() - interval '1 second'
        WHERE workspace_id = ${workspaceId}`);

      expect(await inLedger()).toBe('OPEN');
      const [after] = await readQualityScores(testbed.runtime.pool, [workspaceId]);
      // A WARNING in place of the INFO about the phone number.
      expect([before?.score, after?.score]).toEqual([80, 50]);
      // What was decided in a batch stays as it is.
      expect(await decisionIn(batchId)).toBe('WAIVED');
      expect(await afterAnotherAudit()).toEqual(OPEN);
    });

    it('when it is reopened', async () => {
      await reviews.decide({ batchId, actorId: ann, decision: 'OPEN' });
      expect(await inLedger()).toBe('OPEN');
      expect(await afterAnotherAudit()).toEqual(OPEN);
    });
  });

  describe('stays', () => {
    it.each([
      ['another field is', () => change({ familyName: 'Okafor-Reed' })],
      ['a field with a finding of its own is', () => change({ phone: '(312) 555-0143' })],
      [
        'the value is, and changed back',
        async () => {
          await change({ email: 'okafor@example.com' });
          await change({ email: 'no address' });
        },
      ],
      [
        'a waiver for another version of another rule is',
        () =>
          run(sql`INSERT INTO waiver (id, workspace_id, entity_type, entity_id, rule_id,
              rule_version, field, value, reason, created_by_id, revoked_at)
            SELECT gen_random_uuid(), workspace_id, entity_type, entity_id, 'contact.phone.format', 7,
                   'phone', ${PHONE}, reason, created_by_id, now()
            FROM waiver WHERE workspace_id = ${workspaceId}`),
      ],
      [
        'the severity of the rule is',
        () =>
          run(sql`INSERT INTO rule_setting (workspace_id, rule_id, severity)
            VALUES (${workspaceId}, 'contact.email.syntax', 'ERROR')`),
      ],
      [
        'the batch it was given in is',
        () => run(sql`UPDATE staged_batch SET title = 'Another' WHERE id = ${batchId}`),
      ],
    ])('when %s changed', async (_what, act) => {
      await act();
      expect(await afterAnotherAudit()).toEqual(WAIVED);
    });

    it('when another finding of the record is decided on', async () => {
      await reviews.decide({
        ...{ batchId, actorId: ann, decision: 'REJECTED' },
        selection: { filter: { ruleId: 'contact.phone.format' } },
      });
      expect(await afterAnotherAudit()).toEqual(WAIVED);
    });

    it('when the finding was away in between', async () => {
      await change({ email: 'okafor@example.com' });
      await bed.audit(workspaceId);
      expect(await inLedger()).toBe('RESOLVED');

      await change({ email: 'no address' });
      expect(await afterAnotherAudit()).toEqual(WAIVED);
    });
  });
});
