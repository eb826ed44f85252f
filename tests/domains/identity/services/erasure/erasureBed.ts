import type { Pool } from 'pg';
import {
  type DecideFindingsInput,
  decideFindings,
} from '../../../../../src/domains/identity/services/review/decideFindings.ts';
import { createBatchBed } from '../../support/batchBed.ts';
import type { IdentityTestbed } from '../../support/identityTestbed.ts';
import { createMergeBed } from '../merge/mergeBed.ts';
import { createImportBed } from '../promotion/importBed.ts';

/** What only the person has: in their texts, phone number, house number and birth date. */
const MARKER = 'zqxmark|555.{0,2}0177|77177|1931-03-17';

/** A person with a marker in every field, and much to find. */
export const person = {
  kind: 'PERSON',
  givenName: ' zqxmark-given',
  familyName: 'ZQXMARK-FAMILY',
  organisationName: 'zqxmark gmbh ',
  email: 'Zqxmark.at.example.com',
  phone: '(312) 555-0177',
  streetNumber: '77177',
  addressLine1: '77177 Zqxmark  Street',
  addressLine2: 'zqxmark floor ',
  locality: 'ZQXMARK',
  region: ' Zqxmark region',
  postalCode: 'zqxmark',
  country: 'zqxmark',
  birthDate: '1931-03-17',
  externalId: 'Zqxmark-1',
} as const;

/** Where the marker is left, in any column of any table of any schema, the job queue's included. */
export async function findMarker(pool: Pool): Promise<readonly string[]> {
  const { rows: tables } = await pool.query<{ name: string }>(`
    SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
    WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')`);
  const found: string[] = [];
  for (const { name } of tables) {
    const { rows } = await pool.query(
      `SELECT t::text AS row FROM ${name} t WHERE t::text ~* '${MARKER}'`,
    );
    found.push(...rows.map(({ row }) => `${name}: ${row}`));
  }
  return found;
}

/** Everything that leaves traces of a person in one workspace; takes a worker. */
export async function createErasureBed(testbed: IdentityTestbed) {
  const { pool } = testbed.runtime;
  const actorId = await testbed.createUser('officer');
  const reviewerId = await testbed.createUser('reviewer');
  const workspaceId = await testbed.createWorkspace({ createdBy: actorId, defaultCountry: 'US' });
  const imports = createImportBed(testbed, { workspaceId, actorId, reviewerId });

  return {
    ...{ workspaceId, actorId, reviewerId, imports },
    batches: createBatchBed(testbed, actorId),
    merges: createMergeBed(testbed, actorId),
    async contactWith(externalId: string): Promise<string> {
      const { rows } = await pool.query(
        'SELECT id FROM third_party WHERE workspace_id = $1 AND external_id = $2 ORDER BY id DESC',
        [workspaceId, externalId],
      );
      return rows[0].id;
    },
    /** Decides on the open findings of a field of an entity's or a row's record. */
    async decide(
      batchId: string,
      field: string,
      decision: DecideFindingsInput['decision'],
      {
        value = null,
        waiver = null,
      }: Partial<Pick<DecideFindingsInput, 'waiver'>> & {
        readonly value?: string | null;
      } = {},
    ): Promise<void> {
      const { rows } = await pool.query(
        `SELECT row_index AS "rowIndex", ordinal FROM finding
         WHERE batch_id = $1 AND field = $2 AND decision = 'OPEN' ORDER BY row_index, ordinal LIMIT 1`,
        [batchId, field],
      );
      const keys = rows.map((key) => ({ ...key, version: null, value }));
      const { decidedCount } = await decideFindings(pool, {
        ...{ batchId, decision, actorId: reviewerId, selection: { keys } },
        comment: 'zqxmark said so',
        waiver,
      });
      if (decidedCount !== 1) throw new Error(`Nothing was decided on ${field}.`);
    },
    async history(entityId: string) {
      const { rows } = await pool.query(
        `SELECT kind, before, after, actor_id AS "actorId", reason FROM entity_change
         WHERE entity_id = $1 ORDER BY version`,
        [entityId],
      );
      return rows;
    },
  };
}
