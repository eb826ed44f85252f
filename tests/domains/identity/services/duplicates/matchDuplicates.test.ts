import { afterEach, describe, expect, it, vi } from 'vitest';
import { ENTITY_TABLES } from '../../../../../src/domains/identity/profiles/entityTables.ts';
import { contactDuplicate } from '../../../../../src/domains/identity/rules/contactDuplicate.ts';
import { siteDuplicate } from '../../../../../src/domains/identity/rules/siteDuplicate.ts';
import { AuditedRecords } from '../../../../../src/domains/identity/services/duplicates/auditedRecords.ts';
import { DEFAULT_THRESHOLD } from '../../../../../src/domains/identity/services/matching/matcher.ts';
import { RecordStore } from '../../../../../src/domains/identity/services/matching/recordStore.ts';
import { markNotDuplicates } from '../../../../../src/domains/identity/services/merge/markNotDuplicates.ts';
import { mergeDuplicates } from '../../../../../src/domains/identity/services/merge/mergeDuplicates.ts';
import { setFields } from '../../support/changes.ts';
import { useMatchingBed } from './matchingBed.ts';
import { ada, adaAgain } from './people.ts';

const bed = useMatchingBed(1_000);
afterEach(() => vi.restoreAllMocks());
const create = (fields: object): Promise<string> =>
  bed.testbed.createEntity(bed.workspaceId, 'contact', fields);

describe('an audit', () => {
  it('finds what is probably the same, and says how sure it is', async () => {
    const one = await create(ada);
    const other = await create(adaAgain);

    const batch = await bed.audit();

    const findings = await bed.duplicates(batch.id);
    expect(findings).toMatchObject([
      { entityId: one, related: [other], relatedCount: 1 },
      { entityId: other, related: [one], relatedCount: 1 },
    ]);
    for (const { message, field, currentValue } of findings) {
      expect(message).toMatch(/^Probably the same as another contact \(9\d %\)\.$/);
      expect(contactDuplicate.fields).toContain(field);
      expect(currentValue).not.toBeNull();
    }
  });

  it('explains each match: the prior and the contributions add up to its weight', async () => {
    await create(ada);
    const other = await create(adaAgain);

    const [finding] = await bed.duplicates((await bed.audit()).id);

    const [match, ...others] = finding?.explanation ?? [];
    expect(others).toEqual([]);
    expect(match).toMatchObject({ entityId: other, probability: expect.any(Number) });
    const { prior = 0, contributions = [], weight = 0, probability } = match ?? {};
    const sum = contributions.reduce((total, part) => total + part.weight, prior);
    expect(sum).toBeCloseTo(weight, 3);
    expect(1 / (1 + 2 ** -weight)).toBeCloseTo(probability ?? 0, 3);
    expect(contributions.map(({ field }) => field)).toContain('family name');
  });

  it('names exact and probable duplicates in one finding', async () => {
    const one = await create(ada);
    const mailbox = await create({ familyName: 'Tanaka', givenName: 'Jun', email: ada.email });
    const again = await create(adaAgain);

    const findings = await bed.duplicates((await bed.audit()).id);

    expect(findings.find(({ entityId }) => entityId === one)).toMatchObject({
      field: 'email',
      related: [mailbox, again],
      relatedCount: 2,
      message: expect.stringMatching(
        /^Same e-mail address as another contact\. Probably the same as another contact \(9\d %\)\.$/,
      ),
    });
    expect(findings.find(({ entityId }) => entityId === again)?.related).toEqual([one]);
    expect(findings.find(({ entityId }) => entityId === mailbox)?.related).toEqual([one]);
  });

  it('leaves apart who lives together', async () => {
    await create(ada);
    await create({
      ...ada,
      ...{ givenName: 'Tobias', birthDate: '1989-11-02', email: 'tobias@example.com' },
    });

    expect(await bed.duplicates((await bed.audit()).id)).toEqual([]);
  });

  it('does not name who is the same through others alone', async () => {
    const one = await create({ ...ada, familyName: 'Byron', email: null });
    const between = await create(ada);
    const { givenName, familyName, email } = ada;
    const other = await create({ givenName, familyName, email });

    const findings = await bed.duplicates((await bed.audit()).id);

    for (const { relatedCount, related, explanation } of findings) {
      expect(related).toHaveLength(relatedCount);
      for (const { probability } of explanation ?? []) {
        expect(probability).toBeGreaterThanOrEqual(DEFAULT_THRESHOLD);
      }
    }
    expect(findings.find(({ entityId }) => entityId === between)?.related).toEqual([one, other]);
    expect(findings.find(({ entityId }) => entityId === one)?.related).toEqual([between]);
  });

  it.each<[string, () => void]>([
    [
      'be read',
      () => {
        const add = RecordStore.prototype.add;
        vi.spyOn(RecordStore.prototype, 'add').mockImplementation(function (
          this: RecordStore,
          fields,
        ) {
          if (fields.familyName === 'Borgia') throw new TypeError('a defect of the engine');
          return add.call(this, fields);
        });
      },
    ],
    [
      'be explained',
      () => {
        const rowOf = AuditedRecords.prototype.rowOf;
        vi.spyOn(AuditedRecords.prototype, 'rowOf').mockImplementation(function (
          this: AuditedRecords,
          batchRow,
        ) {
          if (batchRow === 2) throw new TypeError('a defect of the engine');
          return rowOf.call(this, batchRow);
        });
      },
    ],
  ])('leaves out a record that cannot %s, and says so', async (_, breakIt) => {
    const [one, other] = [await create(ada), await create(adaAgain)];
    const failing = await create({ ...ada, familyName: 'Borgia', email: 'b@example.com' });
    breakIt();

    const batch = await bed.audit();

    expect(batch.status).toBe('READY_FOR_REVIEW');
    const { rows } = await bed.testbed.runtime.pool.query(
      `SELECT entity_id AS id, rule_id AS rule FROM finding
       WHERE batch_id = $1 AND rule_id = 'engine.rule-failed'`,
      [batch.id],
    );
    expect(rows).toEqual([{ id: failing, rule: 'engine.rule-failed' }]);
    const found = (await bed.duplicates(batch.id)).map(({ entityId }) => entityId);
    expect(found).toEqual([one, other]);
  });

  it('finds sites that are probably the same', async () => {
    const site = {
      ...{ name: 'Salvation Army Temple', phone: '+17732752261', streetNumber: '1' },
      ...{ addressLine1: 'N Ogden Ave', locality: 'Chicago', region: 'IL', postalCode: '60607' },
    };
    const create = (fields: object) =>
      bed.testbed.createEntity(bed.workspaceId, 'site', { ...site, ...fields });
    await create({});
    await create({ name: 'The Salvation Army Temple, Inc.', addressLine1: 'North Ogden Avenue' });

    const batch = await bed.audit();

    const findings = await bed.duplicates(batch.id, 'site');
    expect(findings).toHaveLength(2);
    expect(findings[0]?.message).toContain('Probably the same as another site');
    expect(siteDuplicate.fields).toContain(findings[0]?.field);
  });

  it('keeps what it compared, and the model that it went by', async () => {
    await create(ada);
    await create(adaAgain);
    await create({ kind: 'ORGANISATION', organisationName: 'Fernhill Supplies' });

    const batch = await bed.audit();

    const { rows } = await bed.testbed.runtime.pool.query(
      `SELECT details FROM staged_batch_step WHERE batch_id = $1 AND rule_id = 'contact.duplicate'`,
      [batch.id],
    );
    expect(rows[0].details).toMatchObject({
      matchedPairs: 1,
      clusters: 1,
      threshold: contactDuplicate.threshold?.default,
      uncompared: [],
      peakRssMb: null,
      populations: [
        { population: 'person', records: 2, estimatedFields: [] },
        { population: 'organisation', records: 1, estimatedFields: [] },
      ],
    });
    const { rows: models } = await bed.testbed.runtime.pool.query(
      'SELECT entity_type AS type, batch_id AS "batchId", parameters FROM match_model WHERE workspace_id = $1 ORDER BY 1',
      [bed.workspaceId],
    );
    expect(models).toMatchObject([
      { type: 'contact', batchId: batch.id, parameters: { type: 'contact' } },
      { type: 'site', batchId: batch.id },
    ]);
  });

  it('goes by the threshold of the matching engine unless it is told another', () => {
    for (const { threshold } of [contactDuplicate, siteDuplicate]) {
      expect(threshold?.default).toBe(DEFAULT_THRESHOLD);
    }
  });
});

describe('what is probably the same', () => {
  it('is merged as exact duplicates are', async () => {
    const survivorId = await create(ada);
    const loser = await create(adaAgain);
    const { id: batchId } = await bed.audit();

    await mergeDuplicates(bed.testbed.runtime.pool, {
      ...{ batchId, actorId: bed.actorId, survivorId, loserIds: [loser] },
      ...{ fieldFrom: [], comment: null },
    });
    const { runId } = await bed.testbed.runtime.promotion.promoteStagedBatch({
      batchId,
      actorId: bed.actorId,
    });
    await bed.testbed.untilResting(batchId);

    const { rows } = await bed.testbed.runtime.pool.query(
      'SELECT counts FROM batch_run WHERE id = $1',
      [runId],
    );
    expect(rows[0].counts).toMatchObject({ merged: 1 });
  });
});

describe('what people said not to be duplicates', () => {
  async function markApart(batchId: string, entityIds: readonly string[]): Promise<void> {
    const { pool } = bed.testbed.runtime;
    await markNotDuplicates(pool, { batchId, actorId: bed.actorId, entityIds, comment: null });
  }
  const related = async () =>
    (await bed.duplicates((await bed.audit()).id)).map(({ entityId, related }) => [
      entityId,
      related,
    ]);

  it('is not found again, nor joined by a third', async () => {
    const one = await create(ada);
    const other = await create({ ...ada, email: 'other@example.com' });
    const third = await create({ ...ada, email: 'third@example.com', phone: null });
    const batch = await bed.audit();
    expect((await bed.duplicates(batch.id)).map(({ relatedCount }) => relatedCount)).toEqual([
      2, 2, 2,
    ]);

    await markApart(batch.id, [one, other]);

    for (const [entityId, others] of await related()) {
      if (entityId === one) expect(others).not.toContain(other);
      if (entityId === other) expect(others).not.toContain(one);
    }
    expect((await related()).flat(2)).toContain(third);
  });

  it('is undecided again when a compared value changes, until it is said once more', async () => {
    const { pool } = bed.testbed.runtime;
    const ids = [await create(ada), await create(adaAgain)];
    await markApart((await bed.audit()).id, ids);
    expect(await related()).toEqual([]);

    await setFields(pool, 'contact', String(ids[0]), { externalId: 'C-1' });
    expect(await related()).toEqual([]);

    await setFields(pool, 'contact', String(ids[0]), { addressLine2: 'Apt 4' });
    expect(await related()).toHaveLength(2);

    await markApart((await bed.audit()).id, ids);
    expect(await related()).toEqual([]);
  });

  it.each([
    ['contact', contactDuplicate.fields],
    ['site', siteDuplicate.fields],
  ] as const)(
    'is looked at again for every field by which a %s is compared',
    async (type, fields) => {
      const { pool } = bed.testbed.runtime;
      const id = await bed.testbed.createEntity(bed.workspaceId, type, {});
      const fingerprint = async (): Promise<string> => {
        const { rows } = await pool.query(
          `SELECT compared_values(e) AS fingerprint FROM ${ENTITY_TABLES[type]} e WHERE id = $1`,
          [id],
        );
        return rows[0].fingerprint;
      };
      const VALUES: Readonly<Record<string, string | number>> = {
        ...{ kind: 'ORGANISATION', birthDate: '1961-03-14', latitude: 41.9, longitude: -87.6 },
      };
      for (const field of fields) {
        const before = await fingerprint();
        await setFields(pool, type, id, { [field]: VALUES[field] ?? 'x' });
        expect(await fingerprint(), field).not.toBe(before);
      }
    },
  );
});
