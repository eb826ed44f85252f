import sql from 'sql-template-tag';
import type { IdentityTestbed } from './identityTestbed.ts';

/** Which findings to accept, and how; all of the batch that have a suggestion where not said. */
export interface Acceptance {
  readonly batchId: string;
  readonly decidedBy: string;
  readonly field?: string;
  /** In place of the suggested value. */
  readonly value?: string;
}

/** Accepts findings as a reviewer does, without the rules' judgement of an edited value. */
export async function acceptFindings(
  { runtime }: IdentityTestbed,
  { batchId, decidedBy, field, value }: Acceptance,
): Promise<void> {
  await runtime.pool.query(sql`
    UPDATE finding
    SET decision = 'ACCEPTED', version = version + 1, decided_by_id = ${decidedBy},
        edited_value = ${value ?? null}::text
    WHERE batch_id = ${batchId} AND decision = 'OPEN'
      AND field = coalesce(${field ?? null}::text, field)
      AND coalesce(${value ?? null}::text, suggested_value) IS NOT NULL`);
  await runtime.pool.query(sql`
    UPDATE staged_batch SET status = 'READY_FOR_REVIEW'
    WHERE id = ${batchId} AND status = 'COMPLETED'`);
}
