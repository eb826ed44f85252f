import sql from 'sql-template-tag';
import { AUDIT_PROFILES, MATCHING_PROFILES } from '../../profiles/registry.ts';
import { isInProduction } from '../promotion/acceptedFindings.ts';

/** The columns of a `Finding`, of the finding `f` and its record `r`. */
export const findingColumns = sql`
  f.batch_id AS "batchId", f.row_index AS "rowIndex", f.ordinal, f.rule_id AS "ruleId",
  f.rule_version AS "ruleVersion", f.entity_type AS "entityType", f.entity_id AS "entityId",
  f.entity_version AS "entityVersion", r.raw_data->>'externalId' AS "rowExternalId", f.severity,
  f.field, f.message, f.current_value AS "currentValue", f.suggested_value AS "suggestedValue",
  f.suggestion_certainty AS "suggestionCertainty",
  f.related_entity_ids AS "relatedEntityIds", f.related_count AS "relatedCount", f.explanation,
  f.decision,
  f.version, f.edited_value AS "editedValue", f.decided_by_id AS "decidedById",
  f.merge_id AS "mergeId", f.applied`;

/** Derived as in `recordStatus.ts`, where the same is said as a condition. */
const status = sql`
  CASE WHEN s.status IS NOT NULL THEN s.status
       WHEN a.is_audit AND f.any_open THEN 'NEEDS_REVIEW'
       WHEN a.is_audit AND f.findings IS NOT NULL THEN 'DECIDED'
       WHEN p.done_at IS NULL THEN 'PENDING'
       WHEN a.is_audit OR s.match_kind = 'UNCHANGED' THEN 'PASSED'
       WHEN s.decision = 'REJECTED' THEN 'DECIDED'
       WHEN s.decision = 'ACCEPTED' AND f.any_open IS NOT TRUE THEN 'DECIDED'
       ELSE 'NEEDS_REVIEW' END`;

/** Whether a record is of an import and was matched. */
const isMatchKnown = sql`(b.profile = ANY(${MATCHING_PROFILES}::text[]) AND p.done_at IS NOT NULL
  AND s.status IS DISTINCT FROM 'INVALID')`;

/** The `StagedRecord`s `r` that `page` has the keys of: batch_id and row_index. */
export const selectRecords = sql`
  SELECT r.batch_id AS "batchId", r.row_index AS "rowIndex", r.entity_type AS "entityType",
         coalesce(s.matched_id, s.entity_id, r.entity_id) AS "entityId",
         s.matched_id IS NOT NULL AS "isMatched", b.profile,
         CASE WHEN ${isMatchKnown} THEN coalesce(s.match_kind, 'NEW') END AS "matchKind",
         s.match_by AS "matchBy", s.candidates,
         ${isInProduction(sql`r.batch_id`, sql`r.row_index`)} AS "isInProduction", r.raw_data AS "rawData",
         CASE WHEN b.import_options IS NOT NULL THEN jsonb_build_object(
           'dateOrder', b.import_options->'dateOrder',
           'decimalSeparator', b.import_options->'decimalSeparator') END AS formats,
         ${status} AS status, s.reason AS "statusReason",
         coalesce(s.base_version, f.entity_version) AS "baseVersion",
         CASE WHEN NOT a.is_audit THEN coalesce(s.decision, 'OPEN') END AS decision,
         coalesce(s.decision_version, 0) AS version, s.decided_by_id AS "decidedById",
         s.edited_values AS "editedValues", s.assignee_id AS "assigneeId", coalesce(f.findings, '[]') AS findings
  FROM page
  JOIN staged_record r ON r.batch_id = page.batch_id AND r.row_index = page.row_index
  JOIN staged_batch b ON b.id = r.batch_id
  CROSS JOIN LATERAL (SELECT b.profile = ANY(${AUDIT_PROFILES}::text[]) AS is_audit) a
  LEFT JOIN staged_record_state s ON s.batch_id = r.batch_id AND s.row_index = r.row_index
  LEFT JOIN staged_batch_step p ON p.batch_id = r.batch_id AND p.kind = 'PROCESS_RANGE'
    AND p.first_row <= r.row_index AND p.end_row > r.row_index
  LEFT JOIN LATERAL (
    SELECT jsonb_agg(to_jsonb(c) ORDER BY c.ordinal) AS findings,
           bool_or(c.decision = 'OPEN') AS any_open, max(c."entityVersion") AS entity_version
    FROM (
      SELECT ${findingColumns} FROM finding f
      WHERE f.batch_id = r.batch_id AND f.row_index = r.row_index
    ) c
  ) f ON true`;
