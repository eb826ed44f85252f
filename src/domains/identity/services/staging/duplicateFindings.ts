import type { ClientBase } from 'pg';
import sql from 'sql-template-tag';
import type { Logger } from '../../../../platform/logger.ts';
import { copyInto, encodeCopyRow } from '../../../../platform/postgres/copy.ts';
import { type AuditedRecord, loadAuditedRecords } from '../../profiles/dataAudit.ts';
import { duplicateRules } from '../../rules/catalogue.ts';
import type { EntityType } from '../../rules/entities.ts';
import type { DuplicateRule, RuleContext } from '../../rules/rule.ts';
import type { OpenStep, StepResult } from './batchSteps.ts';
import {
  copyFindings,
  encodeRuleFailure,
  type OnRuleFailure,
  ORDINALS_PER_STEP,
} from './findings.ts';
import { logRuleFailure, ruleContext } from './processRange.ts';
import type { StagedBatch } from './stagedBatch.ts';

const PAGE_ROWS = 5_000;

/** A finding names this many of the other records at the most; its count has them all. */
export const NAMED_DUPLICATES = 100;

/**
 * Runs one duplicate rule over all entities of an audit: their match keys go into a temporary table,
 * where PostgreSQL groups them, so that memory stays flat and equality is exact.
 */
export async function findDuplicates(
  client: ClientBase,
  batch: StagedBatch,
  stepIndex: number,
  { ruleId, endRow }: OpenStep,
  logger: Logger,
): Promise<StepResult> {
  const rule = duplicateRules.find((candidate) => candidate.id === ruleId);
  if (rule === undefined) throw new Error(`There is no duplicate rule ${ruleId}.`);
  await client.query(`
    CREATE TEMPORARY TABLE duplicate_key (
      row_index int, entity_id uuid, entity_version int,
      position int, field text, label text, value text, key text
    ) ON COMMIT DROP`);
  const ordinal = (stepIndex + 1) * ORDINALS_PER_STEP;
  const failures = await collectKeys(client, batch, rule, {
    endRow,
    ordinal,
    onFailure: logRuleFailure(logger, batch.id),
  });
  await copyFindings(client, failures);
  await client.query('ANALYZE duplicate_key');
  const findingCount = failures.length + (await insertFindings(client, batch.id, rule, ordinal));
  return { checkedCount: endRow, skippedCount: 0, findingCount };
}

interface KeyCollection {
  readonly endRow: number;
  /** Of the findings that say that the rule failed on a record. */
  readonly ordinal: number;
  readonly onFailure: OnRuleFailure;
}

/** @returns findings, as rows, for the records on which the rule failed */
function collectKeys(
  client: ClientBase,
  batch: StagedBatch,
  rule: (typeof duplicateRules)[number],
  collection: KeyCollection,
): Promise<readonly string[]> {
  switch (rule.entityType) {
    case 'contact':
      return collectKeysOf(client, batch, rule, collection);
    case 'site':
      return collectKeysOf(client, batch, rule, collection);
    case 'device':
      return collectKeysOf(client, batch, rule, collection);
  }
}

async function collectKeysOf<T extends EntityType>(
  client: ClientBase,
  batch: StagedBatch,
  rule: DuplicateRule<T>,
  { endRow, ordinal, onFailure }: KeyCollection,
): Promise<readonly string[]> {
  const context = await ruleContext(client, batch.workspaceId);
  const failures: string[] = [];
  for (let firstRow = 0; firstRow < endRow; firstRow += PAGE_ROWS) {
    const keys: string[] = [];
    const range = {
      batchId: batch.id,
      workspaceId: batch.workspaceId,
      firstRow,
      endRow: firstRow + PAGE_ROWS,
    };
    for await (const { records } of loadAuditedRecords(client, rule.entityType, range)) {
      for (const record of records) {
        try {
          encodeKeys(rule, record, context, keys);
        } catch (error) {
          onFailure(rule.id, record, error);
          failures.push(encodeRuleFailure(batch.id, rule.entityType, record, ordinal, rule.id));
        }
      }
    }
    if (keys.length > 0) await copyInto(client, 'duplicate_key', keys, (row) => row);
  }
  return failures;
}

function encodeKeys<T extends EntityType>(
  rule: DuplicateRule<T>,
  { rowIndex, entityId, entityVersion, entity }: AuditedRecord<T>,
  context: RuleContext,
  into: string[],
): void {
  for (const [position, { field, label, key }] of rule.matchKeys(entity, context).entries()) {
    const value = String(Reflect.get(entity, field) ?? '');
    into.push(
      encodeCopyRow([rowIndex, entityId, entityVersion, position, field, label, value, key]),
    );
  }
}

async function insertFindings(
  client: ClientBase,
  batchId: string,
  rule: {
    readonly id: string;
    readonly version: number;
    readonly entityType: EntityType;
    readonly severity: string;
  },
  ordinal: number,
): Promise<number> {
  const { rowCount } = await client.query(sql`
    WITH duplicate_group AS (
      SELECT field, key, count(*)::int AS size,
             (array_agg(entity_id ORDER BY row_index))[1:${NAMED_DUPLICATES + 1}] AS members
      FROM duplicate_key GROUP BY field, key HAVING count(*) > 1
    ), matched AS (
      SELECT k.*, g.size, g.members
      FROM duplicate_key k JOIN duplicate_group g USING (field, key)
    ), other AS (
      SELECT m.row_index, array_agg(DISTINCT id) AS ids
      FROM matched m, unnest(m.members) AS id
      WHERE id <> m.entity_id
      GROUP BY m.row_index
    ), summary AS (
      SELECT row_index, entity_id, entity_version,
             (array_agg(field ORDER BY position))[1] AS field,
             (array_agg(value ORDER BY position))[1] AS value,
             string_agg(label, ' or ' ORDER BY position) AS labels,
             max(size) - 1 AS largest
      FROM matched GROUP BY row_index, entity_id, entity_version
    ), related AS (
      SELECT s.*, o.ids, greatest(s.largest, cardinality(o.ids)) AS total
      FROM summary s JOIN other o USING (row_index)
    )
    INSERT INTO finding (batch_id, row_index, ordinal, rule_id, rule_version, entity_type, entity_id,
      entity_version, severity, field, message, current_value, related_entity_ids, related_count)
    SELECT ${batchId}, row_index, ${ordinal}, ${rule.id}, ${rule.version},
           ${rule.entityType}::entity_type, entity_id, entity_version, ${rule.severity}::severity, field,
           format('Same %s as %s.', labels,
                  CASE total WHEN 1 THEN ${`another ${rule.entityType}`}
                             ELSE format('%s other %s', total, ${`${rule.entityType}s`}::text) END),
           value, ids[1:${NAMED_DUPLICATES}], total
    FROM related`);
  return rowCount ?? 0;
}
