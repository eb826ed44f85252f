import fc from 'fast-check';
import sql from 'sql-template-tag';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  ENTITY_TYPES,
  type EntityType,
} from '../../../../../src/domains/identity/rules/entities.ts';
import { createIdentityTestbed, type IdentityTestbed } from '../../support/identityTestbed.ts';
import { createImportBed } from '../promotion/importBed.ts';

let testbed: IdentityTestbed;
let userId: string;
beforeAll(async () => {
  testbed = await createIdentityTestbed();
  await testbed.startWorker();
  userId = await testbed.createUser('importer');
});
afterAll(() => testbed.close());

const text = fc
  .string({ maxLength: 12, unit: 'binary' })
  .filter((t) => !t.includes('\0') && t.isWellFormed());
const day = fc
  .date({ min: new Date('1900-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const address = { addressLine1: text, locality: text, postalCode: text, country: text };

/** What rows of each type may say; any of it may be missing. */
const ROWS: { readonly [T in EntityType]: fc.Arbitrary<object> } = {
  contact: fc.record(
    { givenName: text, familyName: text, email: text, phone: text, birthDate: day, ...address },
    { requiredKeys: [] },
  ),
  site: fc.record(
    {
      ...{ name: text, phone: text, ...address },
      latitude: fc.integer({ min: -90_000, max: 90_000 }).map((degrees) => String(degrees / 1_000)),
    },
    { requiredKeys: [] },
  ),
  device: fc.record(
    {
      ...{ serialNumber: text, manufacturer: text, macAddress: text, installedOn: day },
      status: fc.constantFrom('PLANNED', 'active', ' Retired '),
    },
    { requiredKeys: [] },
  ),
};

it.each(ENTITY_TYPES)(
  '%ss that were imported and come again as they were are unchanged',
  async (entityType) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(ROWS[entityType], { minLength: 1, maxLength: 8 }),
        fc.constantFrom('id', 'externalId'),
        async (given, identity) => {
          const workspaceId = await testbed.createWorkspace();
          const bed = createImportBed(testbed, {
            ...{ workspaceId, actorId: userId, reviewerId: userId },
          });
          const rows = given.map((row, index) => ({ ...row, externalId: `X-${index}` }));
          const { pool } = testbed.runtime;
          const first = await bed.importRows(rows, { entityType });
          await pool.query(sql`DELETE FROM finding WHERE batch_id = ${first}`);
          await bed.decide(first, 'ACCEPTED');
          await bed.promote(first);
          const { rows: made } = await pool.query<{ id: string }>(sql`
          SELECT entity_id AS id FROM staged_record_state
          WHERE batch_id = ${first} ORDER BY row_index`);

          const again = await bed.importRows(
            rows.map((row, index) => (identity === 'id' ? { ...row, id: made[index]?.id } : row)),
            { entityType },
          );

          const { rows: kinds } = await pool.query(sql`
          SELECT DISTINCT match_kind AS kind, match_by AS by FROM staged_record_state
          WHERE batch_id = ${again}`);
          const by = identity === 'id' ? 'ID' : 'EXTERNAL_ID';
          expect(kinds).toEqual([{ kind: 'UNCHANGED', by }]);
          expect(await testbed.untilResting(again)).toMatchObject({ status: 'COMPLETED' });
        },
      ),
      { numRuns: 15 },
    );
  },
);
