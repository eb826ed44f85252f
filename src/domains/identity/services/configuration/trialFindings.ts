import type { ClientBase } from 'pg';
import sql from 'sql-template-tag';
import { EncodedRows } from '../../../../platform/postgres/copy.ts';
import { loadEntitiesOfType } from '../../profiles/dataAudit.ts';
import { type AnyWorkspaceRule, workspaceRules } from '../../rules/catalogue.ts';
import type { EntityType } from '../../rules/entities.ts';
import type { Severity } from '../../rules/rule.ts';
import { isMatchRule } from '../duplicates/duplicateSearch.ts';
import { insertMatchFindings, type MatchingEnvironment } from '../duplicates/matchDuplicates.ts';
import { type BatchRules, batchRules } from '../staging/batchRules.ts';
import { RANGE_ROWS } from '../staging/batchSteps.ts';
import { insertDuplicateFindings } from '../staging/duplicateFindings.ts';
import { checkRecords, copyFindings, ORDINALS_PER_STEP } from '../staging/findings.ts';
import { logRuleFailure } from '../staging/processRange.ts';
import { insertQueryFindings } from '../staging/queryFindings.ts';
import type { StagedBatch } from '../staging/stagedBatch.ts';
import type { AffectedRules } from './affectedRules.ts';
import type { RuleSet } from './ruleSet.ts';

/** Rules that are tried out on the records of an audit. */
export interface Trial {
  readonly client: ClientBase;
  readonly audit: StagedBatch;
  readonly ruleSet: RuleSet;
  readonly affected: AffectedRules;
  readonly matching: MatchingEnvironment;
  /** Throws when nobody waits for the outcome any more. */
  readonly goOn: () => void;
}

const INTO = 'back_test_finding';

/**
 * Finds what the affected rules would find, into a temporary table that is gone with the transaction.
 * They are run by the same code as in an audit, range by range.
 */
export async function findOnTrial(trial: Trial): Promise<void> {
  const { client, audit, ruleSet, affected } = trial;
  await client.query(`
    CREATE TEMPORARY TABLE ${INTO} (LIKE finding INCLUDING DEFAULTS) ON COMMIT DROP`);
  const rules = await batchRules(client, audit, ruleSet);
  await insertRegraded(client, audit.id, affected.regraded);
  await checkAffectedRecords(trial, rules);
  for (const { id, kind } of affected.run) {
    trial.goOn();
    const rule = kind === 'record' ? undefined : rules.workspaceRule(id);
    if (rule !== undefined) await runOnTrial(trial, rule, rules);
  }
}

/** A rule that only got another severity finds what it has found. */
async function insertRegraded(
  client: ClientBase,
  auditId: string,
  severities: ReadonlyMap<string, Severity>,
): Promise<void> {
  if (severities.size === 0) return;
  await client.query(sql`
    INSERT INTO back_test_finding (batch_id, row_index, ordinal, rule_id, rule_version, entity_type,
      entity_id, entity_version, severity, field, message, current_value, suggested_value,
      suggestion_certainty, related_entity_ids, related_count)
    SELECT f.batch_id, f.row_index, f.ordinal, f.rule_id, f.rule_version, f.entity_type,
           f.entity_id, f.entity_version, s.severity, f.field, f.message, f.current_value,
           f.suggested_value, f.suggestion_certainty, f.related_entity_ids, f.related_count
    FROM finding f
    JOIN unnest(${[...severities.keys()]}::text[], ${[...severities.values()]}::severity[])
      AS s(rule_id, severity) USING (rule_id)
    WHERE f.batch_id = ${auditId}`);
}

async function checkAffectedRecords(
  trial: Trial,
  { context, ...rules }: BatchRules,
): Promise<void> {
  const { client, audit, affected, matching } = trial;
  const wanted = new Set(affected.run.map(({ id }) => id));
  const recordRules = {
    contact: rules.recordRules.contact.filter(({ id }) => wanted.has(id)),
    site: rules.recordRules.site.filter(({ id }) => wanted.has(id)),
    device: rules.recordRules.device.filter(({ id }) => wanted.has(id)),
  };
  const onFailure = logRuleFailure(matching.logger, audit.id);
  const check = { batchId: audit.id, context, recordRules, onFailure };
  for (const { entityType, firstRow, endRow } of await readExtents(client, audit)) {
    if (recordRules[entityType].length === 0) continue;
    for (let first = firstRow; first < endRow; first += RANGE_ROWS) {
      const findings = new EncodedRows();
      const range = {
        ...{ batchId: audit.id, workspaceId: audit.workspaceId },
        ...{ firstRow: first, endRow: Math.min(first + RANGE_ROWS, endRow) },
      };
      for await (const page of loadEntitiesOfType(client, entityType, range)) {
        checkRecords(page, check, findings);
      }
      await copyFindings(client, findings, INTO);
      trial.goOn();
    }
  }
}

interface Extent {
  readonly entityType: EntityType;
  readonly firstRow: number;
  /** Exclusive. */
  readonly endRow: number;
}

/** Where in an audit the rows of each type are: it is staged type by type. */
async function readExtents(client: ClientBase, { id }: StagedBatch): Promise<readonly Extent[]> {
  const { rows } = await client.query<Extent>(sql`
    SELECT entity_type AS "entityType", min(row_index) AS "firstRow",
           max(row_index) + 1 AS "endRow"
    FROM staged_record WHERE batch_id = ${id} GROUP BY entity_type`);
  return rows;
}

async function runOnTrial(
  { client, audit, ruleSet, matching }: Trial,
  rule: AnyWorkspaceRule,
  { context }: BatchRules,
): Promise<void> {
  const { id: batchId, workspaceId, recordCount: endRow } = audit;
  const stepIndex = workspaceRules.findIndex(({ id }) => id === rule.id);
  const ordinal = (stepIndex + 1) * ORDINALS_PER_STEP;
  if (rule.kind === 'query') {
    await insertQueryFindings(client, audit, rule, context, ordinal, INTO);
  } else if (isMatchRule(rule)) {
    const search = { batchId, workspaceId, ruleId: rule.id, ordinal, endRow, trial: ruleSet };
    await insertMatchFindings(client, audit, rule, search, matching);
  } else {
    const onFailure = logRuleFailure(matching.logger, batchId);
    const search = { client, batch: audit, context, ordinal, onFailure, into: INTO } as const;
    await insertDuplicateFindings(search, rule, endRow);
  }
}
