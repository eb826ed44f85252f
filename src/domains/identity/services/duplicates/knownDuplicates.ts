import pg, { type ClientBase } from 'pg';
import { copyOut } from '../../../../platform/postgres/copyOut.ts';
import { withoutNestedLoops } from '../promotion/withoutNestedLoops.ts';
import type { LoadedRecords } from './auditedRecords.ts';
import type { DuplicateSearch, MatchRuleKey } from './duplicateSearch.ts';

/** What the ledger knows of a record that has not changed: a finding as the base of the audit has it. */
export interface KnownDuplicate {
  readonly rowIndex: number;
  readonly entityId: string;
  readonly entityVersion: number;
  readonly field: string;
  readonly message: string;
  readonly currentValue: string | null;
  readonly related: readonly string[];
  readonly relatedCount: number;
}

/**
 * The records of which an incremental audit must find out anew whom they are the same as:
 *
 * - those that are new or have changed;
 * - those that were the same as one that has changed or is gone, or as more than a finding names;
 * - those that people said are not the same as another.
 *
 * Who is the same as one of these is found from there.
 */
export async function rowsToCompare(
  client: ClientBase,
  search: DuplicateSearch,
  rule: MatchRuleKey,
  { records, apart }: LoadedRecords,
): Promise<ReadonlySet<number>> {
  const rows = new Set(apart.keys());
  const changed = await changedBatchRows(client, search, rule);
  for (const batchRow of changed) {
    const row = records.rowOf(batchRow);
    if (row !== undefined) rows.add(row);
  }
  await visitKnownPairs(client, search, rule, (batchRow, otherBatchRow) => {
    const row = records.rowOf(batchRow);
    const stands =
      otherBatchRow !== null &&
      records.rowOf(otherBatchRow) !== undefined &&
      !changed.has(otherBatchRow);
    if (row !== undefined && !stands) rows.add(row);
  });
  return rows;
}

/** Reads what the ledger knows of the records that have not changed, in the order of their rows. */
export async function visitKnown(
  client: ClientBase,
  search: DuplicateSearch,
  rule: MatchRuleKey,
  visit: (known: KnownDuplicate) => Promise<void>,
): Promise<void> {
  const query = `
    SELECT r.row_index, e.entity_id, e.entity_version, e.field, e.message,
           e.current_value IS NULL, e.current_value, array_to_string(e.related_entity_ids, ','),
           e.related_count
    FROM (${openEntries(search, rule)}) e JOIN (${stagedRows(search, rule)}) r USING (entity_id)
    WHERE r.unchanged ORDER BY r.row_index`;
  await withoutNestedLoops(client, async () => {
    for await (const page of copyOut(client, query)) {
      while (page.nextRow()) {
        const [rowIndex, entityId] = [Number(page.next()), page.next()];
        const [entityVersion, field, message] = [Number(page.next()), page.next(), page.next()];
        const [isNull, value] = [page.next() === 't', page.next()];
        const related = page.next().split(',').filter(Boolean);
        const relatedCount = Number(page.next());
        const known = { rowIndex, entityId, entityVersion, field, message, related, relatedCount };
        await visit({ ...known, currentValue: isNull ? null : value });
      }
    }
  });
}

async function changedBatchRows(
  client: ClientBase,
  search: DuplicateSearch,
  rule: MatchRuleKey,
): Promise<ReadonlySet<number>> {
  const changed = new Set<number>();
  const query = `SELECT row_index FROM (${stagedRows(search, rule)}) r WHERE NOT unchanged`;
  for await (const page of copyOut(client, query)) {
    while (page.nextRow()) changed.add(Number(page.next()));
  }
  return changed;
}

/**
 * Reads who was the same as whom, by their rows.
 *
 * @param visit - gets null for another that is no record of the audit, or that is not known by name
 */
async function visitKnownPairs(
  client: ClientBase,
  search: DuplicateSearch,
  rule: MatchRuleKey,
  visit: (batchRow: number, otherBatchRow: number | null) => void,
): Promise<void> {
  const query = `
    WITH known AS MATERIALIZED (${openEntries(search, rule)}),
    staged AS MATERIALIZED (${stagedRows(search, rule)}),
    pair AS (
      SELECT entity_id, unnest(related_entity_ids) AS other_id FROM known
      UNION ALL
      SELECT entity_id, NULL FROM known WHERE related_count > cardinality(related_entity_ids)
    )
    SELECT r.row_index, other.row_index
    FROM pair JOIN staged r USING (entity_id) LEFT JOIN staged other ON other.entity_id = other_id`;
  await withoutNestedLoops(client, async () => {
    for await (const page of copyOut(client, query)) {
      while (page.nextRow()) {
        const [batchRow, other] = [Number(page.next()), page.next()];
        visit(batchRow, other === '' ? null : Number(other));
      }
    }
  });
}

function openEntries({ workspaceId }: DuplicateSearch, { id }: MatchRuleKey): string {
  return `SELECT * FROM ledger_entry
    WHERE workspace_id = ${pg.escapeLiteral(workspaceId)} AND rule_id = ${pg.escapeLiteral(id)} AND open`;
}

function stagedRows({ batchId }: DuplicateSearch, { entityType }: MatchRuleKey): string {
  return `SELECT row_index, entity_id, unchanged FROM staged_record
    WHERE batch_id = ${pg.escapeLiteral(batchId)} AND entity_type = ${pg.escapeLiteral(entityType)}`;
}
