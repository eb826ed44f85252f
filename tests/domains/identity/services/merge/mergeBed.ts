import type { MergeDuplicatesInput } from '../../../../../src/domains/identity/services/merge/mergeDuplicates.ts';
import { mergeDuplicates } from '../../../../../src/domains/identity/services/merge/mergeDuplicates.ts';
import type { IdentityTestbed } from '../../support/identityTestbed.ts';

/** What an audit says of a duplicate. */
interface DuplicateFinding {
  readonly entityId: string;
  readonly decision: string;
  readonly version: number;
  readonly applied: boolean;
  readonly message: string;
  readonly related: string[];
}

const twin = { familyName: 'Meier', givenName: 'Ada', email: 'ada@example.com' };

/** Contacts that are one and the same, to be merged or not. */
export function createMergeBed(testbed: IdentityTestbed, actorId: string) {
  const { pool } = testbed.runtime;
  return {
    /** One more contact that is the same; an external id tells them apart. */
    createTwin: (workspaceId: string, externalId: string) =>
      testbed.createEntity(workspaceId, 'contact', { ...twin, externalId }),
    async twins(workspaceId: string): Promise<[string, string]> {
      return [await this.createTwin(workspaceId, 'T-0'), await this.createTwin(workspaceId, 'T-1')];
    },
    merge: (
      batchId: string,
      survivorId: string,
      loserIds: readonly string[],
      fieldFrom: MergeDuplicatesInput['fieldFrom'] = [],
    ) =>
      mergeDuplicates(pool, { batchId, actorId, survivorId, loserIds, fieldFrom, comment: null }),
    async findings(batchId: string): Promise<readonly DuplicateFinding[]> {
      const { rows } = await pool.query<DuplicateFinding>(
        `SELECT entity_id AS "entityId", decision, version, applied, message,
                related_entity_ids AS related
         FROM finding WHERE batch_id = $1 AND rule_id LIKE '%.duplicate'
         ORDER BY row_index, ordinal`,
        [batchId],
      );
      return rows;
    },
  };
}

export type MergeBed = ReturnType<typeof createMergeBed>;
