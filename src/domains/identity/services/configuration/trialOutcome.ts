import type { ClientBase } from 'pg';
import sql from 'sql-template-tag';
import type { EntityType } from '../../rules/entities.ts';
import type { Severity } from '../../rules/rule.ts';
import { RULE_FAILED, ruleFailed } from '../staging/findings.ts';
import type { AffectedRules } from './affectedRules.ts';

export type TrialKind = 'ADDED' | 'REMOVED' | 'CHANGED';

/** How many findings of a rule would be there, and how many were not or would not be any more. */
export interface TrialCounts {
  readonly ruleId: string;
  /** How many the audit has. */
  readonly before: number;
  readonly after: number;
  readonly added: number;
  readonly removed: number;
  /** Those that only get another severity. */
  readonly changed: number;
}

/** A finding that would be added or removed, or get another severity. */
export interface TrialFinding {
  readonly kind: TrialKind;
  readonly ruleId: string;
  readonly entityType: EntityType;
  readonly entityId: string;
  readonly field: string;
  readonly message: string;
  readonly currentValue: string | null;
  readonly suggestedValue: string | null;
  /** That it has in the audit; null for one that would be added. */
  readonly severityBefore: Severity | null;
  /** Null for one that would be removed. */
  readonly severityAfter: Severity | null;
}

/** How the findings on trial differ from those of the audit. */
export interface TrialOutcome {
  /** Of the rules that have findings, by id. */
  readonly rules: readonly TrialCounts[];
  /** At most ten of each kind, of as many rules as possible. */
  readonly examples: readonly TrialFinding[];
}

const MOST_EXAMPLES = 10;

/** Compares what was found on trial with what the audit has of the same rules. */
export async function compareTrial(
  client: ClientBase,
  auditId: string,
  affected: AffectedRules,
): Promise<TrialOutcome> {
  await collectVerdicts(client, auditId, affected);
  return { rules: await countVerdicts(client), examples: await readExamples(client) };
}

/**
 * One row for each finding that is the same in all but its severity, before and after: GROUP BY takes
 * absent values for equal, and spills to disk where it must.
 */
async function collectVerdicts(
  client: ClientBase,
  auditId: string,
  { run, regraded, off }: AffectedRules,
): Promise<void> {
  const judges = [...run.map(({ id }) => id), ...off];
  const failures = judges.map((id) => ruleFailed(id).message);
  await client.query(`
    CREATE TEMPORARY TABLE back_test_verdict (
      row_index int, rule_id text, entity_type entity_type, entity_id uuid, field text,
      message text, current_value text, suggested_value text, before int, after int,
      severity_before severity, severity_after severity
    ) ON COMMIT DROP`);
  await client.query(sql`
    WITH verdict AS (
      SELECT row_index, rule_id, entity_type, entity_id, field, message, current_value,
             suggested_value, suggestion_certainty, related_entity_ids, severity, true AS is_before
      FROM finding
      WHERE batch_id = ${auditId}
        AND (rule_id = ANY(${[...judges, ...regraded.keys()]})
             OR rule_id = ${RULE_FAILED.id} AND message = ANY(${failures}))
      UNION ALL
      SELECT row_index, rule_id, entity_type, entity_id, field, message, current_value,
             suggested_value, suggestion_certainty, related_entity_ids, severity, false
      FROM back_test_finding
    )
    INSERT INTO back_test_verdict
    SELECT row_index, rule_id, entity_type, entity_id, field, message, current_value,
           suggested_value, count(*) FILTER (WHERE is_before),
           count(*) FILTER (WHERE NOT is_before), min(severity) FILTER (WHERE is_before),
           min(severity) FILTER (WHERE NOT is_before)
    FROM verdict
    GROUP BY row_index, rule_id, entity_type, entity_id, field, message, current_value,
             suggested_value, suggestion_certainty, related_entity_ids`);
}

async function countVerdicts(client: ClientBase): Promise<readonly TrialCounts[]> {
  const { rows } = await client.query<TrialCounts>(sql`
    SELECT rule_id AS "ruleId", sum(before)::int AS before, sum(after)::int AS after,
           sum(greatest(after - before, 0))::int AS added,
           sum(greatest(before - after, 0))::int AS removed,
           (sum(least(before, after)) FILTER (WHERE severity_before <> severity_after))::int
             AS changed
    FROM back_test_verdict GROUP BY rule_id ORDER BY rule_id`);
  return rows.map((counts) => ({ ...counts, changed: counts.changed ?? 0 }));
}

async function readExamples(client: ClientBase): Promise<readonly TrialFinding[]> {
  const { rows } = await client.query<TrialFinding>(sql`
    WITH different AS (
      SELECT *, CASE WHEN after > before THEN 'ADDED' WHEN after < before THEN 'REMOVED'
                     ELSE 'CHANGED' END AS kind
      FROM back_test_verdict WHERE before <> after OR severity_before <> severity_after
    ), of_rule AS (
      SELECT *, row_number() OVER (PARTITION BY kind, rule_id ORDER BY row_index, field, message)
        AS place
      FROM different
    ), chosen AS (
      SELECT *, row_number() OVER (PARTITION BY kind ORDER BY place, rule_id) AS number
      FROM of_rule WHERE place <= ${MOST_EXAMPLES}
    )
    SELECT kind, rule_id AS "ruleId", entity_type AS "entityType", entity_id AS "entityId", field,
           message, current_value AS "currentValue", suggested_value AS "suggestedValue",
           severity_before AS "severityBefore", severity_after AS "severityAfter"
    FROM chosen WHERE number <= ${MOST_EXAMPLES}
    ORDER BY kind, rule_id, row_index, field, message`);
  return rows;
}
