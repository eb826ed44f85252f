import fc from 'fast-check';
import sql from 'sql-template-tag';
import { beforeEach, describe, expect, it } from 'vitest';
import { contactDuplicate } from '../../../../../src/domains/identity/rules/contactDuplicate.ts';
import type { ContactFields } from '../../../../../src/domains/identity/rules/entities.ts';
import { clusterRecords } from '../../../../../src/domains/identity/services/duplicates/clusterRecords.ts';
import { ExactMatches } from '../../../../../src/domains/identity/services/duplicates/exactMatches.ts';
import type { MatchingDetails } from '../../../../../src/domains/identity/services/duplicates/matchingDetails.ts';
import { readMatchModel } from '../../../../../src/domains/identity/services/duplicates/matchModels.ts';
import { readNotDuplicates } from '../../../../../src/domains/identity/services/duplicates/notDuplicatePairs.ts';
import { othersOf } from '../../../../../src/domains/identity/services/duplicates/rowGroup.ts';
import { createMatcher } from '../../../../../src/domains/identity/services/matching/matcher.ts';
import { RecordStore } from '../../../../../src/domains/identity/services/matching/recordStore.ts';
import { inTransaction } from '../../../../../src/platform/postgres/pool.ts';
import { setFields } from '../../support/changes.ts';
import { febrlLikePeople } from '../matching/febrlLikePeople.ts';
import { useMatchingBed } from './matchingBed.ts';

const bed = useMatchingBed(5_000);
const people = febrlLikePeople({
  ...{ seed: 17, originals: 900, duplicates: 200 },
  ...{ mostPerOriginal: 4, mostChanges: 3 },
}).map(({ fields }) => ({ ...fields, birthDate: dateOrNull(fields.birthDate), country: 'AU' }));

/** What somebody has mistyped may be no date, which PostgreSQL would not keep. */
function dateOrNull(text: string | null | undefined): string | null {
  const date = new Date(`${text}T00:00:00Z`);
  return Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== text ? null : text;
}

let ids: string[];

beforeEach(async () => {
  ids = [];
  for (const fields of people) ids.push(await create(fields));
});

const create = (fields: object) => bed.testbed.createEntity(bed.workspaceId, 'contact', fields);
const set = (id: string, fields: Record<string, string | null>) =>
  setFields(bed.testbed.runtime.pool, 'contact', id, fields);

async function audit(mode: 'FULL' | 'INCREMENTAL' = 'INCREMENTAL') {
  const { batch } = await bed.testbed.runtime.auditRunner.triggerDataAudit({
    ...{ workspaceId: bed.workspaceId, createdBy: bed.actorId, mode },
  });
  await bed.testbed.untilResting(batch.id);
  const { rows } = await bed.testbed.runtime.pool.query<{ details: MatchingDetails }>(sql`
    SELECT details FROM staged_batch_step
    WHERE batch_id = ${batch.id} AND rule_id = 'contact.duplicate'`);
  return { id: batch.id, details: rows[0]?.details };
}

/** Whom each contact is the same as, by what the ledger has open. */
async function known(): Promise<ReadonlyMap<string, readonly string[]>> {
  const { rows } = await bed.testbed.runtime.pool.query<{ id: string; related: string[] }>(sql`
    SELECT entity_id AS id, related_entity_ids AS related FROM ledger_entry
    WHERE workspace_id = ${bed.workspaceId} AND rule_id = 'contact.duplicate' AND open
    ORDER BY entity_id`);
  return new Map(rows.map(({ id, related }) => [id, related.toSorted()]));
}

/** Whom each contact is the same as when all are compared with each other by the kept model. */
async function comparedByKeptModel(): Promise<ReadonlyMap<string, readonly string[]>> {
  const { pool } = bed.testbed.runtime;
  const { rows } = await pool.query<ContactFields & { id: string }>(sql`
    SELECT id, kind, given_name AS "givenName", family_name AS "familyName",
           organisation_name AS "organisationName", email, phone, street_number AS "streetNumber",
           address_line1 AS "addressLine1", address_line2 AS "addressLine2", locality, region,
           postal_code AS "postalCode", country, birth_date::text AS "birthDate"
    FROM third_party WHERE workspace_id = ${bed.workspaceId} AND state = 'ACTIVE' ORDER BY id`);
  const [model, marked] = await inTransaction(pool, async (client) => [
    await readMatchModel(client, bed.workspaceId, 'contact'),
    await readNotDuplicates(client, bed.workspaceId, 'contact'),
  ]);
  const store = new RecordStore('contact');
  const exact = new ExactMatches();
  const context = { defaultCountry: 'US', today: '2026-01-01', parameters: new Map() };
  for (const fields of rows)
    exact.add(store.add(fields), contactDuplicate.matchKeys(fields, context));
  const rowOf = new Map(rows.map(({ id }, row) => [id, row]));
  const apart = new Map(
    [...marked].map(([id, others]) => [
      rowOf.get(id) ?? -1,
      new Set(others.map((other) => rowOf.get(other) ?? -1)),
    ]),
  );
  const matcher = createMatcher(store, model ?? undefined);
  const { pairs } = matcher.findMatches();
  const { matchesOf } = clusterRecords(matcher, pairs, { exact, apart });
  return new Map(
    rows.flatMap(({ id }, row) => {
      const matched = matchesOf.get(row);
      const groups = [...exact.of(row).map(({ group }) => group), ...(matched ? [matched] : [])];
      const others = othersOf(row, groups, apart.get(row) ?? new Set(), 100);
      if (others.count === 0) return [];
      return [[id, others.rows.map((other) => rows[other]?.id ?? '').sort()] as const];
    }),
  );
}

type Change =
  | { readonly change: 'archive' | 'restore' | 'copy' | 'apart'; readonly of: number }
  | { readonly change: 'move' | 'become'; readonly of: number; readonly to: number };

const entity = fc.nat(1_099);
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({
    change: fc.constantFrom(
      'archive' as const,
      'restore' as const,
      'copy' as const,
      'apart' as const,
    ),
    of: entity,
  }),
  fc.record({
    change: fc.constantFrom('move' as const, 'become' as const),
    of: entity,
    to: entity,
  }),
);

async function apply(each: Change): Promise<void> {
  const id = ids[each.of] ?? '';
  const person = people[each.of];
  switch (each.change) {
    case 'archive':
      return set(id, { state: 'ARCHIVED' });
    case 'restore':
      return set(id, { state: 'ACTIVE' });
    case 'copy':
      ids.push(await create({ ...person, givenName: `${person?.givenName ?? ''}e` }));
      return;
    case 'move': {
      const { streetNumber, addressLine1, locality, postalCode } = people[each.to] ?? {};
      const place = { streetNumber, addressLine1, locality, postalCode };
      return set(id, Object.fromEntries(Object.entries(place).map(([k, v]) => [k, v ?? null])));
    }
    case 'become': {
      const { givenName, familyName, birthDate } = people[each.to] ?? {};
      return set(id, {
        givenName: givenName ?? null,
        familyName: familyName ?? null,
        birthDate: birthDate ?? null,
      });
    }
    case 'apart':
      return markApart(id);
  }
}

/** Somebody says that a contact is none of those that it is taken for. */
async function markApart(id: string): Promise<void> {
  const { pool } = bed.testbed.runtime;
  for (const other of (await known()).get(id) ?? []) {
    await pool.query(sql`
      INSERT INTO not_duplicate (workspace_id, entity_type, first_id, second_id, first_fingerprint,
        second_fingerprint, created_by_id)
      SELECT ${bed.workspaceId}, 'contact', a.id, b.id, compared_values(a), compared_values(b),
             ${bed.actorId}
      FROM third_party a JOIN third_party b ON a.id < b.id
      WHERE a.id = ANY (${[id, other]}::uuid[]) AND b.id = ANY (${[id, other]}::uuid[])
      ON CONFLICT (workspace_id, entity_type, first_id, second_id) DO NOTHING`);
  }
}

it('knows after incremental audits whom a comparison of all by the same model finds', async () => {
  await audit('FULL');
  // A fixed seed: now and then what is said of two that have not changed would differ, since how rare
  // their values are follows from the others.
  const steps = fc.sample(fc.array(change, { minLength: 1, maxLength: 12 }), {
    seed: 5,
    numRuns: 6,
  });
  for (const changes of steps) {
    for (const each of changes) await apply(each);
    const { details } = await audit();
    expect(details).toMatchObject({ fullReason: null });
    expect(details?.comparedRecords).toBeLessThan(150);
    expect(await known()).toEqual(await comparedByKeptModel());
  }
}, 120_000);

describe('an incremental audit', () => {
  it('compares nothing where nothing has changed', async () => {
    await audit('FULL');
    const before = await known();

    const { details } = await audit();

    expect(details).toMatchObject({ comparedRecords: 0, comparedPairs: 0, fullReason: null });
    expect(before.size).toBeGreaterThan(200);
    expect(await known()).toEqual(before);
  });

  it('tells of a contact that has not changed that it has a duplicate now, and that it has none', async () => {
    await audit('FULL');
    const before = await known();
    const [alone = ''] = ids.filter((id) => !before.has(id));
    const copy = await create(people[ids.indexOf(alone)] ?? {});

    const added = await audit();
    expect((await known()).get(alone)).toEqual([copy]);
    expect((await bed.duplicates(added.id)).map(({ entityId }) => entityId)).toEqual([alone, copy]);

    await set(copy, { state: 'ARCHIVED' });
    const removed = await audit();
    expect((await known()).has(alone)).toBe(false);
    expect(await bed.duplicates(removed.id)).toEqual([]);
  });

  it('learns anew once more than a tenth have changed since it was learnt', async () => {
    const { id: base } = await audit('FULL');
    const model = async () => {
      const { rows } = await bed.testbed.runtime.pool.query(sql`
        SELECT batch_id AS id FROM match_model
        WHERE workspace_id = ${bed.workspaceId} AND entity_type = 'contact'`);
      return rows[0]?.id;
    };
    for (const id of ids.slice(0, 60)) await set(id, { addressLine2: 'Apt 4' });
    expect((await audit()).details).toMatchObject({ fullReason: null });
    expect(await model()).toBe(base);

    for (const id of ids.slice(60, 120)) await set(id, { addressLine2: 'Apt 4' });
    const { id, details } = await audit();

    expect(details).toMatchObject({
      comparedRecords: null,
      fullReason: '120 of 1100 have changed since it was learnt how they resemble each other.',
    });
    expect(await model()).toBe(id);
  });
});
