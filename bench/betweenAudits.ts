import type { Pool } from 'pg';
import sql, { raw } from 'sql-template-tag';
import type { FindingDecision } from '../src/domains/identity/generated/prisma/enums.ts';
import type { IdentityRuntime } from '../src/domains/identity/identityRuntime.ts';
import { ENTITY_TABLES } from '../src/domains/identity/profiles/entityTables.ts';
import { decideFindings } from '../src/domains/identity/services/review/decideFindings.ts';
import type { FindingKey } from '../src/domains/identity/services/review/reviewSelection.ts';
import type { BenchDatabase } from './benchDatabase.ts';
import { untilStatus } from './untilStatus.ts';

/** One in so many entities is edited; as many findings are decided on. */
const ONE_IN = 1_000;

/** Of the findings that are decided on, the rest are accepted. */
const WAIVED_SHARE = 0.25;
const REJECTED_SHARE = 0.25;

/** Another number in Chicago; every second one lacks the code of its country. */
const phone = sql`
  CASE WHEN version % 2 = 0 THEN '+1312' ELSE '312' END ||
  (2000000 + abs(hashtext(id::text || version)) % 8000000)`;

const EDITS = [
  { type: 'contact', column: 'phone', value: phone },
  { type: 'site', column: 'phone', value: phone },
  { type: 'device', column: 'mac_address', value: sql`translate(mac_address, ':-', '-:')` },
] as const;

/** Changes some entities after an audit as another application does: in the database, past the product. */
export async function editEntities(
  { pool, workspaceId }: BenchDatabase,
  batchId: string,
): Promise<void> {
  for (const { type, column, value } of EDITS) {
    await pool.query(sql`
      UPDATE ${raw(ENTITY_TABLES[type])} SET ${raw(column)} = ${value}, updated_at = now()
      WHERE workspace_id = ${workspaceId} AND state = 'ACTIVE'
        AND abs(hashtext(id::text || ${batchId}::text)) % ${ONE_IN}::int = 0`);
  }
}

/** Decides on some findings of an audit that has come to rest, and promotes what is accepted. */
export async function reviewAudit(
  { pool, userId: actorId }: BenchDatabase,
  { promotion }: IdentityRuntime,
  batchId: string,
  entities: number,
): Promise<void> {
  const keys = await someFindings(pool, batchId, Math.ceil(entities / ONE_IN));
  const waived = Math.ceil(keys.length * WAIVED_SHARE);
  const decided = waived + Math.ceil(keys.length * REJECTED_SHARE);
  const decide = async (decision: FindingDecision, chosen: readonly FindingKey[]) => {
    if (chosen.length === 0) return;
    const waiver = decision === 'WAIVED' ? { reason: 'It is fine.', expiresAt: null } : null;
    const selection = { keys: chosen };
    await decideFindings(pool, { batchId, actorId, decision, selection, waiver, comment: null });
  };
  await decide('WAIVED', keys.slice(0, waived));
  await decide('REJECTED', keys.slice(waived, decided));
  await decide('ACCEPTED', keys.slice(decided));
  if (keys.length <= decided) return;
  await promotion.promoteStagedBatch({ batchId, actorId });
  await untilStatus(pool, batchId, 'READY_FOR_REVIEW', 'COMPLETED');
}

/** From all over an audit, and other ones in each. */
async function someFindings(
  pool: Pool,
  batchId: string,
  count: number,
): Promise<readonly FindingKey[]> {
  const { rows } = await pool.query<FindingKey>(sql`
    SELECT row_index AS "rowIndex", ordinal, version, NULL AS value FROM finding
    WHERE batch_id = ${batchId} AND decision = 'OPEN' AND suggested_value IS NOT NULL
    ORDER BY hashtext(batch_id::text || row_index), ordinal LIMIT ${count}`);
  return rows;
}
