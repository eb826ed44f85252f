import type { ClientBase } from 'pg';
import { copyRows, type EncodedRows, encodeCopyRow } from '../../../../platform/postgres/copy.ts';
import type { LoadedRecord, RecordsOfType } from '../../profiles/profile.ts';
import type { RowReferences } from '../../profiles/rowReference.ts';
import { engineRuleFailed } from '../../rules/engineRuleFailed.ts';
import type { EntityType } from '../../rules/entities.ts';
import type { FindingDraft, RecordRule, RuleContext, Severity } from '../../rules/rule.ts';
import type { BatchRules } from './batchRules.ts';

/** Where findings go: to those of their batch, or to a temporary table, to be compared with them. */
export type FindingTable = 'finding' | 'back_test_finding' | 'rechecked_finding';

const COLUMNS = `(batch_id, row_index, ordinal, rule_id, rule_version, entity_type, entity_id,
  entity_version, severity, field, message, current_value, suggested_value,
  suggestion_certainty)`;

/**
 * Findings are numbered per record: those of record rules from 0, those of the n-th workspace rule
 * from n × 1000, so that steps running at the same time never give out the same number.
 */
export const ORDINALS_PER_STEP = 1_000;

/** The finding of a rule that threw: the record was not judged by it. */
export const RULE_FAILED = engineRuleFailed;

type RecordKeys = Pick<LoadedRecord<EntityType>, 'rowIndex' | 'entityId' | 'entityVersion'>;

/** Told of a rule that threw; the audit goes on. */
export type OnRuleFailure = (ruleId: string, record: RecordKeys, error: unknown) => void;

/** What records are checked for. */
export interface Check {
  readonly batchId: string;
  readonly context: RuleContext;
  readonly recordRules: BatchRules['recordRules'];
  readonly onFailure: OnRuleFailure;
  /** Of an import: what its rows refer to. */
  readonly references?: RowReferences;
}

/**
 * Runs the record rules on some records.
 *
 * @param findings - gets what they found, for {@link copyFindings}
 * @returns how many records there were
 */
export function checkRecords(page: RecordsOfType, check: Check, findings: EncodedRows): number {
  const { recordRules } = check;
  switch (page.entityType) {
    case 'contact':
      return applyRules('contact', page.records, recordRules.contact, check, findings);
    case 'site':
      return applyRules('site', page.records, recordRules.site, check, findings);
    case 'device':
      return applyRules('device', page.records, recordRules.device, check, findings);
  }
}

function applyRules<T extends EntityType>(
  entityType: T,
  records: Iterable<LoadedRecord<T>>,
  rules: readonly RecordRule<T>[],
  { batchId, context, onFailure, references }: Check,
  findings: EncodedRows,
): number {
  // One callback a rule: nearly all records are clean, and nothing should be made for them.
  let record: LoadedRecord<T>;
  let before = 0;
  let count = 0;
  const checks = rules.map((rule) => ({
    rule,
    report(draft: FindingDraft): void {
      const ordinal = findings.length - before;
      findings.push(encodeFinding(batchId, entityType, record, ordinal, rule, draft));
    },
  }));
  for (record of records) {
    count += 1;
    before = findings.length;
    const { entity } = record;
    for (const { rule, report } of checks) {
      try {
        rule.check(entity, context, report);
      } catch (error) {
        onFailure(rule.id, record, error);
        const ordinal = findings.length - before;
        findings.push(encodeRuleFailure(batchId, entityType, record, ordinal, rule.id));
      }
    }
    const reference = references?.get(record.rowIndex);
    if (reference?.problem) {
      const { rule, given, message } = reference.problem;
      const ordinal = findings.length - before;
      const draft = { field: reference.field, message, currentValue: given, suggestedValue: null };
      findings.push(encodeFinding(batchId, entityType, record, ordinal, rule, draft));
    }
  }
  return count;
}

/** A row for {@link copyFindings} that says that a rule threw on a record. */
export function encodeRuleFailure(
  batchId: string,
  entityType: EntityType,
  record: RecordKeys,
  ordinal: number,
  ruleId: string,
): string {
  return encodeFinding(batchId, entityType, record, ordinal, RULE_FAILED, ruleFailed(ruleId));
}

/** What is said of a record on which a rule threw. */
export function ruleFailed(ruleId: string): FindingDraft {
  return {
    field: '',
    message: `The rule ${ruleId} failed on this record, so it was not checked by it. The log says why.`,
    currentValue: null,
    suggestedValue: null,
  };
}

function encodeFinding(
  batchId: string,
  entityType: EntityType,
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
    entityType,
    record.entityId,
    record.entityVersion,
    rule.severity,
    draft.field,
    draft.message,
    draft.currentValue,
    draft.suggestedValue,
    draft.suggestedValue === null ? null : (draft.certainty ?? 'CERTAIN'),
  ]);
}

export function copyFindings(
  client: ClientBase,
  findings: EncodedRows,
  into: FindingTable = 'finding',
): Promise<void> {
  return copyRows(client, `${into} ${COLUMNS}`, findings);
}
