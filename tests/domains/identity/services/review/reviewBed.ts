import { createHash } from 'node:crypto';
import type { Pool } from 'pg';
import sql from 'sql-template-tag';
import type { FieldsByType } from '../../../../../src/domains/identity/rules/entities.ts';
import {
  type DecideFindingsInput,
  decideFindings,
} from '../../../../../src/domains/identity/services/review/decideFindings.ts';
import type { FindingKey } from '../../../../../src/domains/identity/services/review/reviewSelection.ts';
import type { DecisionResult } from '../../../../../src/domains/identity/services/review/skipReasons.ts';
import type { IdentityTestbed } from '../../support/identityTestbed.ts';

/** A finding as the database has it. */
export interface FindingRow {
  readonly rowIndex: number;
  readonly ordinal: number;
  readonly ruleId: string;
  readonly field: string;
  readonly entityId: string;
  readonly decision: string;
  readonly version: number;
  readonly editedValue: string | null;
  readonly decidedById: string | null;
  readonly mergeId: string | null;
}

/** Names a finding. */
export function key(
  { rowIndex, ordinal }: Pick<FindingKey, 'rowIndex' | 'ordinal'>,
  given: Partial<FindingKey> = {},
): FindingKey {
  return { rowIndex, ordinal, version: null, value: null, ...given };
}

/** A name so unlike those of other numbers that nobody takes their bearers for the same person. */
function nameOf(number: number): string {
  const letters = createHash('sha256').update(String(number)).digest('base64').match(/[a-z]/g);
  return `B${letters?.slice(0, 9).join('')}`;
}

/** Contacts with a phone number that can be written better, and nothing else to find. */
export function callers(count: number): Partial<FieldsByType['contact']>[] {
  return Array.from({ length: count }, (_, index) => ({
    familyName: nameOf(index),
    phone: `(312) 555-01${String(index).padStart(2, '0')}`,
  }));
}

/**
 * Audits of contacts in workspaces of their own, to be decided on.
 *
 * @param pool - the connections that decisions are made over
 */
export function createReviewBed(testbed: IdentityTestbed, pool: Pool = testbed.runtime.pool) {
  async function audit(workspaceId: string, createdBy: string): Promise<string> {
    const { batch } = await testbed.runtime.auditRunner.triggerDataAudit({
      workspaceId,
      createdBy,
    });
    await testbed.untilResting(batch.id);
    return batch.id;
  }

  return {
    audit,
    /** A new workspace with these contacts, and an audit of it. */
    async auditOf(contacts: readonly Partial<FieldsByType['contact']>[], createdBy: string) {
      const workspaceId = await testbed.createWorkspace({ createdBy, defaultCountry: 'US' });
      for (const contact of contacts) {
        await testbed.createEntity(workspaceId, 'contact', contact);
      }
      return { workspaceId, batchId: await audit(workspaceId, createdBy) };
    },
    async findings(batchId: string): Promise<FindingRow[]> {
      const { rows } = await pool.query<FindingRow>(sql`
        SELECT row_index AS "rowIndex", ordinal, rule_id AS "ruleId", field,
               entity_id AS "entityId", decision, version, edited_value AS "editedValue",
               decided_by_id AS "decidedById", merge_id AS "mergeId"
        FROM finding WHERE batch_id = ${batchId} ORDER BY row_index, ordinal`);
      return rows;
    },
    decide(
      input: Partial<DecideFindingsInput> & Pick<DecideFindingsInput, 'batchId' | 'actorId'>,
    ): Promise<DecisionResult> {
      return decideFindings(pool, {
        decision: 'ACCEPTED',
        selection: { filter: {} },
        comment: null,
        dryRun: false,
        waiver: input.decision === 'WAIVED' ? { reason: 'It is meant so.', expiresAt: null } : null,
        ...input,
      });
    },
    async batchStatus(batchId: string): Promise<string | undefined> {
      const { rows } = await pool.query<{ status: string }>(sql`
        SELECT status FROM staged_batch WHERE id = ${batchId}`);
      return rows[0]?.status;
    },
  };
}
