import type { ClientBase } from 'pg';
import sql from 'sql-template-tag';
import { badUserInput } from '../../../../platform/errors.ts';
import type { EntityType } from '../../rules/entities.ts';
import type { FindingKey } from './reviewSelection.ts';

/** What has to be known of a finding that a reviewer names, before it is locked. */
export interface NamedFinding {
  readonly rowIndex: number;
  readonly ordinal: number;
  readonly entityType: EntityType;
  readonly field: string;
  readonly ruleId: string;
  readonly mergeId: string | null;
  readonly applied: boolean;
}

/**
 * Reads the findings that a reviewer names, in the order in which they are named.
 *
 * @throws `BAD_USER_INPUT` for the first one that the batch does not have
 */
export async function readNamedFindings(
  client: ClientBase,
  batchId: string,
  keys: readonly FindingKey[],
): Promise<readonly NamedFinding[]> {
  const { rows } = await client.query<NamedFinding>(sql`
    SELECT row_index AS "rowIndex", ordinal, entity_type AS "entityType", field,
           rule_id AS "ruleId", merge_id AS "mergeId", applied
    FROM finding
    WHERE batch_id = ${batchId}
      AND row_index = ANY(${keys.map(({ rowIndex }) => rowIndex)}::int[])`);
  const found = new Map(rows.map((row) => [`${row.rowIndex}:${row.ordinal}`, row]));
  return keys.map(({ rowIndex, ordinal }, index) => {
    const finding = found.get(`${rowIndex}:${ordinal}`);
    if (finding) return finding;
    throw badUserInput(
      `input.findings.${index}`,
      `Record ${rowIndex} of this batch has no finding ${ordinal}.`,
    );
  });
}
