import type { ClientBase } from 'pg';
import { copyInto, encodeCopyRow } from '../../../../platform/postgres/copy.ts';
import type { LoadedRecord } from '../../profiles/profile.ts';
import { recordRules } from '../../rules/catalogue.ts';
import type { EntityType } from '../../rules/entities.ts';
import type { FindingDraft, RecordRule, RuleContext, Severity } from '../../rules/rule.ts';

const TARGET = `finding (batch_id, row_index, ordinal, rule_id, rule_version, entity_type, entity_id,
  entity_version, severity, field, message, current_value, suggested_value)`;

/**
 * Findings are numbered per record: those of record rules from 0, those of the n-th workspace rule
 * from n × 1000, so that steps running at the same time never give out the same number.
 */
export const ORDINALS_PER_STEP = 1_000;

/** The finding of a rule that threw: the record was not judged by it. */
export const RULE_FAILED = { id: 'engine.rule-failed', version: 1, severity: 'WARNING' } as const;

/** Told of a rule that threw; the audit goes on. */
export type OnRuleFailure = (ruleId: string, record: RecordKeys, error: unknown) => void;

type RecordKeys = Pick<LoadedRecord, 'entityType' | 'rowIndex' | 'entityId' | 'entityVersion'>;

/**
 * Runs the record rules on one record.
 *
 * @returns the findings as rows for {@link copyFindings}; empty for a clean record
 */
export function checkRecord(
  batchId: string,
  record: LoadedRecord,
  context: RuleContext,
  onFailure: OnRuleFailure,
): readonly string[] {
  switch (record.entityType) {
    case 'contact':
      return applyRules(batchId, record, recordRules.contact, context, onFailure);
    case 'site':
      return applyRules(batchId, record, recordRules.site, context, onFailure);
    case 'device':
      return applyRules(batchId, record, recordRules.device, context, onFailure);
  }
}

const CLEAN: readonly string[] = [];

function applyRules<T extends EntityType>(
  batchId: string,
  record: LoadedRecord<T>,
  rules: readonly RecordRule<T>[],
  context: RuleContext,
  onFailure: OnRuleFailure,
): readonly string[] {
  let found: string[] | undefined;
  for (const rule of rules) {
    try {
      rule.check(record.entity, context, (draft) => {
        found ??= [];
        found.push(encodeFinding(batchId, record, found.length, rule, draft));
      });
    } catch (error) {
      onFailure(rule.id, record, error);
      found ??= [];
      found.push(encodeRuleFailure(batchId, record, found.length, rule.id));
    }
  }
  return found ?? CLEAN;
}

/** A row for {@link copyFindings} that says that a rule threw on a record. */
export function encodeRuleFailure(
  batchId: string,
  record: RecordKeys,
  ordinal: number,
  ruleId: string,
): string {
  return encodeFinding(batchId, record, ordinal, RULE_FAILED, {
    field: '',
    message: `The rule ${ruleId} failed on this record, so it was not checked by it. The log says why.`,
    currentValue: null,
    suggestedValue: null,
  });
}

function encodeFinding(
  batchId: string,
  record: RecordKeys,
  ordinal: number,
  rule: { readonly id: string; readonly version: number; readonly severity: Severity },
  draft: FindingDraft,
): string {
  return encodeCopyRow([
    batchId,
    record.rowIndex,
    ordinal,
    rule.id,
    rule.version,
    record.entityType,
    record.entityId,
    record.entityVersion,
    rule.severity,
    draft.field,
    draft.message,
    draft.currentValue,
    draft.suggestedValue,
  ]);
}

export async function copyFindings(client: ClientBase, rows: readonly string[]): Promise<void> {
  if (rows.length > 0) await copyInto(client, TARGET, rows);
}
