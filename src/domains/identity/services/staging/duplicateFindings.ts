import type { ClientBase } from 'pg';
import sql, { raw } from 'sql-template-tag';
import type { Logger } from '../../../../platform/logger.ts';
import { copyRows, EncodedRows, encodeCopyRow } from '../../../../platform/postgres/copy.ts';
import { type AuditedRecord, loadAudited } from '../../profiles/auditedEntities.ts';
import type { AnyDuplicateRule } from '../../rules/catalogue.ts';
import type { EntityType } from '../../rules/entities.ts';
import type { DuplicateRule, RuleContext } from '../../rules/rule.ts';
import { selectNotDuplicates } from '../duplicates/notDuplicatePairs.ts';
import { applyWaivers } from '../review/waivers.ts';
import type { OpenStep, StepResult } from './batchSteps.ts';
import {
  copyFindings,
  encodeRuleFailure,
  type FindingTable,
  type OnRuleFailure,
} from './findings.ts';
import { KeyHashes } from './keyHashes.ts';
import { logRuleFailure } from './processRange.ts';
import type { StagedBatch } from './stagedBatch.ts';

/** Rows that are looked at in one go. */
const PAGE_ROWS = 20_000;

/** A finding names this many of the other records at the most; its count has them all. */
export const NAMED_DUPLICATES = 100;

/**
 * Runs a duplicate rule over all entities of an audit. Of all match keys only hashes are kept; the
 * few rows that may share one go with their keys into a temporary table, where PostgreSQL groups
 * them, so that equality is exact.
 */
export async function findDuplicates(
  client: ClientBase,
  batch: StagedBatch,
  rule: AnyDuplicateRule,
  context: RuleContext,
  ordinal: number,
  { endRow }: OpenStep,
  logger: Logger,
): Promise<StepResult> {
  const onFailure = logRuleFailure(logger, batch.id);
  const search = { client, batch, context, ordinal, onFailure, into: 'finding' } as const;
  const findingCount = await insertDuplicateFindings(search, rule, endRow);
  if (findingCount > 0) await applyWaivers(client, batch, 0, endRow, rule.id);
  return { checkedCount: endRow, skippedCount: 0, findingCount };
}

/** One run of a duplicate rule. */
export interface KeySearch {
  readonly client: ClientBase;
  readonly batch: StagedBatch;
  readonly context: RuleContext;
  /** Of the rule's findings. */
  readonly ordinal: number;
  readonly onFailure: OnRuleFailure;
  readonly into: FindingTable;
}

/**
 * @param endRow - how many rows the audit has
 * @returns how many findings there are
 */
export async function insertDuplicateFindings(
  search: KeySearch,
  rule: AnyDuplicateRule,
  endRow: number,
): Promise<number> {
  const failureCount = await collectDuplicateKeys(search, rule, endRow);
  await collectNotDuplicates(search, rule);
  const findingCount = await insertFindings(search, rule);
  await search.client.query('DROP TABLE duplicate_key, apart');
  return failureCount + findingCount;
}

/** @returns how many findings say that the rule failed on a record */
function collectDuplicateKeys(
  search: KeySearch,
  rule: AnyDuplicateRule,
  endRow: number,
): Promise<number> {
  switch (rule.entityType) {
    case 'contact':
      return collectDuplicateKeysOf(search, rule, endRow);
    case 'site':
      return collectDuplicateKeysOf(search, rule, endRow);
    case 'device':
      return collectDuplicateKeysOf(search, rule, endRow);
  }
}

async function collectDuplicateKeysOf<T extends EntityType>(
  search: KeySearch,
  rule: DuplicateRule<T>,
  endRow: number,
): Promise<number> {
  const { client, into } = search;
  const failures = new EncodedRows();
  const candidates = await rowsThatMayShareKeys(search, rule, endRow, failures);
  await copyFindings(client, failures, into);
  await client.query(`
    CREATE TEMPORARY TABLE duplicate_key (
      row_index int, entity_id uuid, entity_version int,
      position int, field text, label text, value text, key text
    ) ON COMMIT DROP`);
  for (let first = 0; first < candidates.length; first += PAGE_ROWS) {
    await copyKeys(search, rule, candidates.slice(first, first + PAGE_ROWS));
  }
  await client.query('ANALYZE duplicate_key');
  return failures.length;
}

/** @param failures - gets findings for the records on which the rule fails */
async function rowsThatMayShareKeys<T extends EntityType>(
  { client, batch, context, ordinal, onFailure }: KeySearch,
  rule: DuplicateRule<T>,
  endRow: number,
  failures: EncodedRows,
): Promise<readonly number[]> {
  const hashes = new KeyHashes();
  for (let firstRow = 0; firstRow < endRow; firstRow += PAGE_ROWS) {
    const page = { ...auditedBatch(batch), firstRow, endRow: firstRow + PAGE_ROWS };
    for await (const { records } of loadAudited(client, rule.entityType, page, rule.fields)) {
      for (const record of records) {
        try {
          const keys = rule.matchKeys(record.entity, context);
          for (const { key } of keys) hashes.add(record.rowIndex, key);
        } catch (error) {
          onFailure(rule.id, record, error);
          failures.push(encodeRuleFailure(batch.id, rule.entityType, record, ordinal, rule.id));
        }
      }
    }
  }
  return hashes.candidates();
}

async function copyKeys<T extends EntityType>(
  { client, batch, context }: KeySearch,
  rule: DuplicateRule<T>,
  rowIndexes: readonly number[],
): Promise<void> {
  const rows = { ...auditedBatch(batch), rowIndexes };
  const keys = new EncodedRows();
  for await (const { records } of loadAudited(client, rule.entityType, rows, rule.fields)) {
    for (const record of records) encodeKeys(rule, record, context, keys);
  }
  await copyRows(client, 'duplicate_key', keys);
}

function auditedBatch({ id, workspaceId }: StagedBatch) {
  return { batchId: id, workspaceId };
}

function encodeKeys<T extends EntityType>(
  rule: DuplicateRule<T>,
  { rowIndex, entityId, entityVersion, entity }: AuditedRecord<T>,
  context: RuleContext,
  into: EncodedRows,
): void {
  for (const [position, { field, label, key }] of rule.matchKeys(entity, context).entries()) {
    const value = String(Reflect.get(entity, field) ?? '');
    into.push(
      encodeCopyRow([rowIndex, entityId, entityVersion, position, field, label, value, key]),
    );
  }
}

/**
 * The pairs that people said are not the same, from either side. In a table with statistics: the
 * planner takes them for one or two, and would go through all of them for each member of a group.
 */
async function collectNotDuplicates(
  { client, batch }: KeySearch,
  rule: AnyDuplicateRule,
): Promise<void> {
  await client.query('CREATE TEMPORARY TABLE apart (entity_id uuid, other_id uuid) ON COMMIT DROP');
  await client.query(sql`
    INSERT INTO apart SELECT one, other
    FROM (${selectNotDuplicates(batch.workspaceId, rule.entityType)}) n
    CROSS JOIN LATERAL (VALUES (first_id, second_id), (second_id, first_id)) AS pair (one, other)`);
  await client.query('ANALYZE apart');
}

async function insertFindings(
  { client, batch, ordinal, into }: KeySearch,
  rule: AnyDuplicateRule,
): Promise<number> {
  const { rowCount } = await client.query(sql`
    WITH duplicate_group AS (
      SELECT field, key, count(*)::int AS size,
             (array_agg(entity_id ORDER BY row_index))[1:${NAMED_DUPLICATES + 1}] AS members
      FROM duplicate_key GROUP BY field, key HAVING count(*) > 1
    ), apart_in_group AS (
      SELECT k.row_index, k.field, k.key, count(*)::int AS count
      FROM apart a
      JOIN duplicate_key k ON k.entity_id = a.entity_id
      JOIN duplicate_key o ON o.entity_id = a.other_id AND o.field = k.field AND o.key = k.key
      GROUP BY k.row_index, k.field, k.key
    ), matched AS (
      SELECT k.*, g.members, g.size - 1 - coalesce(a.count, 0) AS others
      FROM duplicate_key k JOIN duplicate_group g USING (field, key)
      LEFT JOIN apart_in_group a USING (row_index, field, key)
      WHERE g.size - 1 > coalesce(a.count, 0)
    ), other AS (
      SELECT m.row_index, array_agg(DISTINCT id) AS ids
      FROM matched m CROSS JOIN unnest(m.members) AS id
      WHERE id <> m.entity_id
        AND NOT EXISTS (SELECT FROM apart a WHERE a.entity_id = m.entity_id AND a.other_id = id)
      GROUP BY m.row_index
    ), summary AS (
      SELECT row_index, entity_id, entity_version,
             (array_agg(field ORDER BY position))[1] AS field,
             (array_agg(value ORDER BY position))[1] AS value,
             string_agg(label, ' or ' ORDER BY position) AS labels,
             max(others) AS largest
      FROM matched GROUP BY row_index, entity_id, entity_version
    ), related AS (
      SELECT s.*, coalesce(o.ids, '{}') AS ids,
             greatest(s.largest, coalesce(cardinality(o.ids), 0)) AS total
      FROM summary s LEFT JOIN other o USING (row_index)
    )
    INSERT INTO ${raw(into)} (batch_id, row_index, ordinal, rule_id, rule_version, entity_type, entity_id,
      entity_version, severity, field, message, current_value, related_entity_ids, related_count)
    SELECT ${batch.id}, row_index, ${ordinal}, ${rule.id}, ${rule.version},
           ${rule.entityType}::entity_type, entity_id, entity_version, ${rule.severity}::severity, field,
           format('Same %s as %s.', labels,
                  CASE total WHEN 1 THEN ${`another ${rule.entityType}`}
                             ELSE format('%s other %s', total, ${`${rule.entityType}s`}::text) END),
           value, ids[1:${NAMED_DUPLICATES}], total
    FROM related`);
  return rowCount ?? 0;
}
