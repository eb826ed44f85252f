import type { ClientBase } from 'pg';
import sql from 'sql-template-tag';
import { encodeCopyRow, encodeJson } from '../../../../platform/postgres/copy.ts';
import { readValueFormats, toCanonicalRow } from '../../profiles/formats/valueFormats.ts';
import { parseFields, UnreadableValueError } from '../../profiles/parseFields.ts';
import { parameterValue } from '../../rules/rule.ts';
import type { MatchedType } from '../matching/recordStore.ts';
import { batchRules } from '../staging/batchRules.ts';
import { type DuplicateSearch, matchRuleOf } from './duplicateSearch.ts';
import { type IncomingRow, matchIncoming } from './matchIncoming.ts';
import type { EmitRow, SearchFound } from './searchDuplicates.ts';

/** Where the rows of a search go: a temporary table, one row for each pair, the surest first. */
export const PROBABLE_MATCHES = 'probable_match (row_index, position, entity_id, explanation)';

/** Rows that are read in one go. */
const PAGE_ROWS = 20_000;

/**
 * Finds which entities the new rows of an import probably are.
 *
 * @param client - in a transaction
 * @param emit - gets rows of {@link PROBABLE_MATCHES}
 */
export async function searchIncoming(
  client: ClientBase,
  search: DuplicateSearch,
  emit: EmitRow,
): Promise<SearchFound> {
  const { batchId: id, workspaceId } = search;
  const rules = await batchRules(client, { id, workspaceId });
  const { entityType, threshold } = matchRuleOf(search, rules);
  const found = matchIncoming(client, {
    ...{ workspaceId, entityType, threshold: parameterValue(rules.context, threshold) },
    rows: readNewRows(client, search, entityType),
  });
  let findingCount = 0;
  for await (const { rowIndex, matches } of found) {
    for (const [position, match] of matches.entries()) {
      findingCount += 1;
      await emit(encodeCopyRow([rowIndex, position, match.entityId, encodeJson(match)]));
    }
  }
  return { findingCount, details: null, model: null };
}

/** Those of one type that match nothing so far, and that can be read. */
async function* readNewRows(
  client: ClientBase,
  { batchId, endRow }: DuplicateSearch,
  entityType: MatchedType,
): AsyncGenerator<IncomingRow> {
  const formats = await readValueFormats(client, batchId);
  for (let first = 0; first < endRow; first += PAGE_ROWS) {
    const { rows } = await client.query<{
      rowIndex: number;
      rawData: Readonly<Record<string, unknown>>;
    }>(sql`
      SELECT r.row_index AS "rowIndex", r.raw_data AS "rawData" FROM staged_record r
      WHERE r.batch_id = ${batchId}
        AND r.row_index >= ${first} AND r.row_index < ${first + PAGE_ROWS}
        AND r.entity_type = ${entityType}::entity_type
        AND NOT (r.row_index = ANY (ARRAY (
          SELECT s.row_index FROM staged_record_state s
          WHERE s.batch_id = ${batchId}
            AND s.row_index >= ${first} AND s.row_index < ${first + PAGE_ROWS})))
      ORDER BY r.row_index`);
    for (const { rowIndex, rawData } of rows) {
      try {
        const row = toCanonicalRow(entityType, rawData, formats);
        yield { rowIndex, fields: parseFields(entityType, row) };
      } catch (error) {
        // It is INVALID, and says so.
        if (!(error instanceof UnreadableValueError)) throw error;
      }
    }
  }
}
