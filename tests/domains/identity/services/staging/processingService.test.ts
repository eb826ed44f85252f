import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { StagedRow } from '../../../../../src/domains/identity/profiles/profile.ts';
import { contactDuplicate } from '../../../../../src/domains/identity/rules/contactDuplicate.ts';
import { contactEmailSyntax } from '../../../../../src/domains/identity/rules/emailSyntax.ts';
import type { StagedBatch } from '../../../../../src/domains/identity/services/staging/stagedBatch.ts';
import {
  createIdentityTestbed,
  type IdentityTestbed,
  QUEUES,
} from '../../support/identityTestbed.ts';

describe.each(QUEUES)('with the queue in $queue,', ({ redisUrl }) => {
  let testbed: IdentityTestbed;
  let workspaceId: string;
  let createdBy: string;

  beforeAll(async () => {
    testbed = await createIdentityTestbed({ redisUrl });
    await testbed.startWorker();
    createdBy = await testbed.createUser('editor');
  });
  beforeEach(async () => {
    workspaceId = await testbed.createWorkspace({ defaultCountry: 'US' });
  });
  afterEach(() => vi.restoreAllMocks());
  afterAll(() => testbed.close());

  async function audit(): Promise<StagedBatch> {
    const { batch } = await testbed.runtime.auditRunner.triggerDataAudit({
      workspaceId,
      createdBy,
    });
    return testbed.untilResting(batch.id);
  }

  async function findingsOf({ id }: StagedBatch) {
    const { rows } = await testbed.runtime.pool.query(
      `SELECT rule_id AS "ruleId", entity_id AS "entityId", field, severity,
            suggested_value AS "suggestedValue", related_entity_ids AS "relatedEntityIds", message
     FROM finding WHERE batch_id = $1 ORDER BY row_index, ordinal`,
      [id],
    );
    return rows;
  }

  const cleanContact = { givenName: 'Ada', familyName: 'Meier', email: 'ada@example.com' };

  describe('an audit', () => {
    it('is completed when nothing is found', async () => {
      await testbed.createEntity(workspaceId, 'contact', cleanContact);

      expect(await audit()).toMatchObject({
        status: 'COMPLETED',
        recordCount: 1,
        processedCount: 1,
      });
    });

    it('is ready for review with what the record rules found', async () => {
      await testbed.createEntity(workspaceId, 'contact', cleanContact);
      const entityId = await testbed.createEntity(workspaceId, 'contact', {
        familyName: 'Okafor',
        phone: '(312) 555-0142',
      });

      const batch = await audit();

      expect(batch).toMatchObject({ status: 'READY_FOR_REVIEW', processedCount: 2 });
      expect(await findingsOf(batch)).toMatchObject([
        {
          ruleId: 'contact.phone.format',
          entityId,
          field: 'phone',
          suggestedValue: '+13125550142',
        },
      ]);
    });

    it('names the other records of a duplicate in each finding', async () => {
      const [first, second, third] = await Promise.all(
        ['ada@example.com', 'ADA@example.com', 'ada@example.com '].map((email, index) =>
          testbed.createEntity(workspaceId, 'contact', {
            familyName: `M${index}`,
            email: email.trim(),
          }),
        ),
      );

      const batch = await audit();

      const related = Object.fromEntries(
        (await findingsOf(batch)).map((finding) => [
          finding.entityId,
          finding.relatedEntityIds.sort(),
        ]),
      );
      expect(related).toEqual({
        [String(first)]: [second, third].sort(),
        [String(second)]: [first, third].sort(),
        [String(third)]: [first, second].sort(),
      });
    });

    it('gives a record one finding of a duplicate, however many keys it shares', async () => {
      const twin = { ...cleanContact, phone: '+13125550142' };
      await testbed.createEntity(workspaceId, 'contact', twin);
      await testbed.createEntity(workspaceId, 'contact', twin);

      const findings = await findingsOf(await audit());

      expect(findings.map(({ ruleId, field }) => [ruleId, field])).toEqual([
        ['contact.duplicate', 'email'],
        ['contact.duplicate', 'email'],
      ]);
    });

    it('never compares with, or looks at, another workspace', async () => {
      const elsewhere = await testbed.createWorkspace();
      const foreign = await testbed.createEntity(elsewhere, 'contact', cleanContact);
      await testbed.createEntity(workspaceId, 'contact', cleanContact);

      expect(await audit()).toMatchObject({ status: 'COMPLETED' });

      const { batch } = await testbed.runtime.ingestion.ingestStagedBatch({
        workspaceId,
        createdBy,
        title: 'A row that names an entity of another workspace',
        sourceType: 'DATA_AUDIT',
        profile: 'dataAudit',
        autoPromote: false,
        rows: [
          {
            entityType: 'contact',
            rawData: { entityType: 'contact', entityId: foreign, workspaceId: elsewhere },
          },
        ],
      });
      await testbed.untilResting(batch.id);
      const { rows } = await testbed.runtime.pool.query(
        'SELECT status, reason FROM staged_record_state WHERE batch_id = $1',
        [batch.id],
      );
      expect(rows).toEqual([{ status: 'INVALID', reason: expect.stringContaining('no longer') }]);
    });

    it('goes on when a rule fails on a record, and says so', async () => {
      vi.spyOn(contactEmailSyntax, 'check').mockImplementation((contact) => {
        if (contact.email === 'poison@example.com') throw new TypeError('a defect of the rule');
      });
      const entityId = await testbed.createEntity(workspaceId, 'contact', {
        email: 'poison@example.com',
        familyName: 'Borgia',
        country: 'Atlantis',
      });
      await testbed.createEntity(workspaceId, 'contact', cleanContact);

      const batch = await audit();

      expect(batch).toMatchObject({ status: 'READY_FOR_REVIEW', processedCount: 2 });
      expect(await findingsOf(batch)).toMatchObject([
        {
          ruleId: 'engine.rule-failed',
          entityId,
          message: expect.stringContaining('email.syntax'),
        },
        { ruleId: 'contact.country.unknown', entityId },
      ]);
    });

    it('goes on when a duplicate rule fails on a record, and says so', async () => {
      const matchKeys = contactDuplicate.matchKeys;
      vi.spyOn(contactDuplicate, 'matchKeys').mockImplementation((contact, context) => {
        if (contact.familyName === 'Borgia') throw new TypeError('a defect of the rule');
        return matchKeys(contact, context);
      });
      for (const familyName of ['Borgia', 'Meier', 'Müller']) {
        await testbed.createEntity(workspaceId, 'contact', { familyName, email: 'a@example.com' });
      }

      const found = (await findingsOf(await audit())).map(({ ruleId }) => ruleId);

      expect(found.sort()).toEqual([
        'contact.duplicate',
        'contact.duplicate',
        'engine.rule-failed',
      ]);
    });

    it('accounts for every record: checked, or skipped with a reason', async () => {
      for (let index = 0; index < 5; index += 1) {
        await testbed.createEntity(workspaceId, 'device', {
          serialNumber: `A-10${index}`,
          siteId: null,
        });
      }
      const batch = await audit();

      const { rows } = await testbed.runtime.pool.query(
        `SELECT sum(checked_count)::int AS checked, sum(skipped_count)::int AS skipped
       FROM staged_batch_step WHERE batch_id = $1 AND kind = 'PROCESS_RANGE'`,
        [batch.id],
      );
      expect(rows).toEqual([{ checked: 5, skipped: 0 }]);
    });
  });

  describe('a job', () => {
    it('that runs twice changes nothing twice', async () => {
      await testbed.createEntity(workspaceId, 'contact', {
        familyName: 'Okafor',
        email: 'no address',
      });
      const batch = await audit();
      const before = await findingsOf(batch);
      await testbed.runtime.pool.query(
        `UPDATE staged_batch SET status = 'PROCESSING' WHERE id = $1`,
        [batch.id],
      );

      await testbed.runtime.processing.runStep(
        { batchId: batch.id, attempt: batch.attempt },
        { kind: 'PROCESS_RANGE', stepIndex: 0 },
      );

      expect(await findingsOf(batch)).toEqual(before);
    });

    it('of an earlier attempt does nothing', async () => {
      await testbed.createEntity(workspaceId, 'contact', {
        familyName: 'Okafor',
        email: 'no address',
      });
      const batch = await audit();

      await testbed.runtime.processing.giveUp({ batchId: batch.id, attempt: 0 }, 'late');
      await testbed.runtime.processing.advance({ batchId: batch.id, attempt: 0 });

      expect(await testbed.untilResting(batch.id)).toMatchObject({ status: 'READY_FOR_REVIEW' });
    });
  });

  describe('an import', () => {
    const importContacts = async (autoPromote: boolean, rawData: StagedRow['rawData'][]) => {
      const { batch } = await testbed.runtime.ingestion.ingestStagedBatch({
        workspaceId,
        createdBy,
        title: 'Contacts',
        sourceType: 'CSV_IMPORT',
        profile: 'contactImport',
        autoPromote,
        rows: rawData.map((data) => ({ entityType: 'contact', rawData: data })),
      });
      return testbed.untilResting(batch.id);
    };
    const contactsInProduction = async () => {
      const { rows } = await testbed.runtime.pool.query(
        `SELECT id, given_name AS "givenName", family_name AS "familyName", version
       FROM third_party WHERE workspace_id = $1 ORDER BY family_name`,
        [workspaceId],
      );
      return rows;
    };

    it('changes nothing in production without autoPromote', async () => {
      const batch = await importContacts(false, [cleanContact]);

      expect(batch.status).toBe('READY_FOR_REVIEW');
      expect(await contactsInProduction()).toEqual([]);
    });

    it('with autoPromote creates what has no error, with its history, and leaves the rest', async () => {
      const batch = await importContacts(true, [
        cleanContact,
        { givenName: '', email: 'nameless@example.com' },
        { familyName: 'Zoe', birthDate: '31.12.1980' },
      ]);

      expect(batch.status).toBe('READY_FOR_REVIEW');
      const [contact, ...others] = await contactsInProduction();
      expect(others).toEqual([]);
      expect(contact).toMatchObject({ familyName: 'Meier', version: 1 });
      const { rows: history } = await testbed.runtime.pool.query(
        `SELECT kind, entity_id, version, batch_id, row_index, actor_id, before, after
       FROM entity_change WHERE workspace_id = $1`,
        [workspaceId],
      );
      expect(history).toMatchObject([
        {
          kind: 'CREATED',
          entity_id: contact.id,
          version: 1,
          batch_id: batch.id,
          row_index: 0,
          actor_id: createdBy,
          before: null,
          after: { familyName: 'Meier', email: 'ada@example.com' },
        },
      ]);
    });

    it('says of a row that can not be read what was expected', async () => {
      const batch = await importContacts(false, [{ familyName: 'Zoe', birthDate: '31.12.1980' }]);

      const { rows } = await testbed.runtime.pool.query(
        'SELECT status, reason FROM staged_record_state WHERE batch_id = $1',
        [batch.id],
      );
      expect(rows).toEqual([
        {
          status: 'INVALID',
          reason: 'birthDate: expected a date as YYYY-MM-DD, got "31.12.1980".',
        },
      ]);
    });

    it('does not let a row choose the id of its entity', async () => {
      const id = '019ab000-0000-7000-8000-000000000001';
      const batch = await importContacts(true, [{ ...cleanContact, id }, cleanContact]);

      expect(await contactsInProduction()).not.toMatchObject([{ id }]);
      expect(batch.status).toBe('COMPLETED');
    });
  });

  describe('a change of an entity', () => {
    it('raises its version and stamps the transaction', async () => {
      const id = await testbed.createEntity(workspaceId, 'site', { name: 'Depot' });
      const read = async () => {
        const { rows } = await testbed.runtime.pool.query(
          'SELECT version, changed_xid::text AS xid FROM customer_site WHERE id = $1',
          [id],
        );
        return rows[0];
      };
      const before = await read();

      await testbed.runtime.pool.query(`UPDATE customer_site SET name = 'Hub' WHERE id = $1`, [id]);

      const after = await read();
      expect(after.version).toBe(before.version + 1);
      expect(BigInt(after.xid)).toBeGreaterThan(BigInt(before.xid));
    });
  });
});
