import type { Pool } from 'pg';
import sql, { type Sql } from 'sql-template-tag';
import { inTransaction } from '../../../../platform/postgres/pool.ts';
import { isWaived } from '../ledger/isWaived.ts';
import { discriminatorOf, hasSameKey } from '../ledger/ledgerKey.ts';
import { withoutNestedLoops } from '../promotion/withoutNestedLoops.ts';
import { isToReview, joinLeftReview } from '../staging/batchCounts.ts';
import {
  activeIds,
  entityCounts,
  type GainedTenths,
  gainedTenths,
  gainOf,
  isAcceptable,
  lostTenths,
  type RuleGain,
  rankRules,
  worstLeft,
} from './ruleGain.ts';

/** What there is to gain by what a batch has to review, by rule; rules that have nothing are left out. */
export type BatchGains = ReadonlyMap<string, RuleGain>;

/**
 * What there is to gain by the findings of audits that nobody has decided on, by the ledger as it is
 * now: what is open and not among them stays, and what the ledger has not as open any more gains
 * nothing. In one statement, however many batches.
 *
 * @returns the gains of those batches that the ledger knows and that are not thinned, by their ids
 */
export function readBatchGains(
  pool: Pool,
  batchIds: readonly string[],
): Promise<ReadonlyMap<string, BatchGains>> {
  return inTransaction(pool, (client) =>
    withoutNestedLoops(client, async () => {
      const { rows } = await client.query<GainsOfBatch>(selectGains(batchIds));
      return new Map(
        rows.map(({ batchId, entityCount, rules }) => [
          batchId,
          new Map(rules.map(({ ruleId, ...tenths }) => [ruleId, gainOf(tenths, entityCount)])),
        ]),
      );
    }),
  );
}

interface GainsOfBatch {
  readonly batchId: string;
  /** How many active entities its workspace has. */
  readonly entityCount: number;
  readonly rules: readonly (GainedTenths & { readonly ruleId: string })[];
}

function selectGains(batchIds: readonly string[]): Sql {
  const ids = sql`ARRAY (SELECT workspace_id FROM batch)`;
  const lost = lostTenths(sql`e`);
  // Several findings may have one key: their entry is open until the last of them is decided on.
  return sql`
    WITH batch AS MATERIALIZED (
      SELECT id AS batch_id, workspace_id FROM staged_batch
      WHERE id = ANY(${batchIds}::uuid[]) AND ledger_counts IS NOT NULL AND thinned_at IS NULL
    ), found AS MATERIALIZED (
      SELECT b.batch_id, b.workspace_id, f.entity_id, f.rule_id, f.field,
             ${discriminatorOf(sql`f`)} AS discriminator,
             bool_and(${isToReview(sql`f`)}) AS to_review,
             bool_and(${isToReview(sql`f`)} AND ${isAcceptable(sql`f`)}) AS to_accept
      FROM finding f JOIN batch b USING (batch_id) ${joinLeftReview(sql`f`)}
      WHERE f.batch_id = ANY (ARRAY (SELECT batch_id FROM batch))
      GROUP BY b.batch_id, b.workspace_id, f.entity_id, f.rule_id, f.field, discriminator
    ), reviewed AS MATERIALIZED (
      SELECT DISTINCT batch_id, workspace_id, entity_id FROM found WHERE to_review
    ), open_entry AS (
      SELECT r.batch_id, e.entity_id, e.rule_id, bool_or(f.to_review) AS to_review,
             max(${lost}) AS lost,
             ${worstLeft(lost, sql`f.to_accept IS NOT TRUE`)} AS unaccepted,
             ${worstLeft(lost, sql`f.to_review IS NOT TRUE`)} AS unresolved
      FROM reviewed r
      JOIN (${activeIds(ids)}) a ON a.id = r.entity_id
      JOIN ledger_entry e ON e.workspace_id = r.workspace_id AND e.entity_id = r.entity_id
      LEFT JOIN found f ON f.batch_id = r.batch_id AND ${hasSameKey(sql`f`, sql`e`)}
      WHERE e.workspace_id = ANY (${ids}) AND e.open AND NOT ${isWaived(sql`e`)}
      GROUP BY r.batch_id, e.entity_id, e.rule_id
    ), ranked AS (
      ${rankRules(sql`open_entry`, sql`batch_id, entity_id`)}
    ), rule AS MATERIALIZED (
      SELECT batch_id, rule_id AS "ruleId", ${gainedTenths(sql`unaccepted`)} AS "acceptedTenths",
             ${gainedTenths(sql`unresolved`)} AS "resolvedTenths"
      FROM ranked GROUP BY batch_id, rule_id HAVING bool_or(to_review)
    ), entity AS MATERIALIZED (
      SELECT workspace_id, sum(count)::int AS count FROM (${entityCounts(ids)}) AS n
      GROUP BY workspace_id
    )
    SELECT b.batch_id AS "batchId", coalesce(n.count, 0) AS "entityCount",
           coalesce((SELECT jsonb_agg(to_jsonb(r) - 'batch_id') FROM rule r
                     WHERE r.batch_id = b.batch_id), '[]') AS rules
    FROM batch b LEFT JOIN entity n USING (workspace_id)`;
}
