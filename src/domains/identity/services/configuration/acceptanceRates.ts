import type { Pool } from 'pg';
import sql from 'sql-template-tag';
import { ruleById } from '../../rules/catalogue.ts';

/** What people have made of a rule's findings in a workspace. */
export interface Acceptance {
  readonly accepted: number;
  readonly rejected: number;
  readonly waived: number;
  /** From 0 to 1, of all three; null where there are too few to tell. */
  readonly rate: number | null;
  /** What to do about a low one; null where there is nothing to say. */
  readonly hint: string | null;
}

/** Fewer decisions say nothing about a rule. */
const LEAST_DECISIONS = 10;

/** Of a rule that is accepted less often, people are told. */
const LOW_RATE = 0.3;

/**
 * What people have made of each rule's findings, by rule id. Counted are the findings that somebody
 * decided on, in the batches that the workspace still has: one that an earlier waiver covers was
 * decided on in another batch.
 */
export async function readAcceptance(
  pool: Pool,
  workspaceId: string,
): Promise<ReadonlyMap<string, Acceptance>> {
  const { rows } = await pool.query<Counts & { ruleId: string }>(sql`
    SELECT rule_id AS "ruleId",
           count(*) FILTER (WHERE decision = 'ACCEPTED')::int AS accepted,
           count(*) FILTER (WHERE decision = 'REJECTED')::int AS rejected,
           count(*) FILTER (WHERE decision = 'WAIVED')::int AS waived
    -- Most findings have not been decided on: by what was decided, these are looked up alone.
    FROM decision_entry e JOIN finding f USING (batch_id, row_index, ordinal, version)
    WHERE e.batch_id = ANY (ARRAY(SELECT id FROM staged_batch WHERE workspace_id = ${workspaceId}))
      AND decision <> 'OPEN'
    GROUP BY rule_id`);
  return new Map(rows.map((counts) => [counts.ruleId, acceptanceOf(counts.ruleId, counts)]));
}

type Counts = Pick<Acceptance, 'accepted' | 'rejected' | 'waived'>;

/** What is to be said of a rule that people have decided on so often. */
export function acceptanceOf(ruleId: string, { accepted, rejected, waived }: Counts): Acceptance {
  const total = accepted + rejected + waived;
  const rate = total < LEAST_DECISIONS ? null : accepted / total;
  const isLow = rate !== null && rate < LOW_RATE;
  return {
    ...{ accepted, rejected, waived, rate },
    hint: isLow
      ? `People rejected or waived ${rejected + waived} of ${total}: ${remedy(ruleId)}; a back-test shows what that changes.`
      : null,
  };
}

function remedy(ruleId: string): string {
  return (ruleById(ruleId)?.parameters ?? []).length > 0
    ? 'change its threshold or switch it off'
    : 'lower its severity or switch it off';
}
