import type { ClientBase, Pool } from 'pg';
import sql from 'sql-template-tag';
import { badUserInput, ExpectedError } from '../../../../platform/errors.ts';
import type { FindingDecision } from '../../generated/prisma/enums.ts';

/** The ordinal of decisions on a record as a whole. */
export const WHOLE_RECORD = -1;

const MAX_TEXT_LENGTH = 2_000;

/**
 * A reviewer's own words.
 *
 * @param name - of the input field
 * @returns null where there are none
 * @throws `BAD_USER_INPUT` for a text that is too long
 */
export function reviewerText(name: string, text: string | null): string | null {
  const trimmed = text?.trim() ?? '';
  if (trimmed.length > MAX_TEXT_LENGTH) {
    throw badUserInput(`input.${name}`, `Use at most ${MAX_TEXT_LENGTH} characters.`);
  }
  return trimmed === '' ? null : trimmed;
}

/** One call of a reviewer. */
export interface NewDecision {
  readonly id: string;
  readonly batchId: string;
  readonly actorId: string;
  readonly decision: FindingDecision;
  readonly comment: string | null;
}

/** Keeps that somebody has decided; the entries say on what. */
export async function insertDecision(client: ClientBase, decision: NewDecision): Promise<void> {
  const { id, batchId, actorId, comment } = decision;
  await client.query(sql`
    INSERT INTO decision (id, batch_id, actor_id, decision, comment)
    VALUES (${id}, ${batchId}, ${actorId}, ${decision.decision}::finding_decision, ${comment})`);
}

/** What somebody decided on a finding, or on a record as a whole. */
export interface MadeDecision {
  readonly batchId: string;
  readonly rowIndex: number;
  readonly ordinal: number;
  /** The version that it made. */
  readonly version: number;
  readonly decision: FindingDecision;
  readonly value: string | null;
  /** What they said that an imported row is to production: an entity's id, or NEW. */
  readonly matchChoice: string | null;
  readonly comment: string | null;
  readonly decidedById: string;
  readonly decidedAt: Date;
}

export type DecisionKey = Pick<MadeDecision, 'batchId' | 'rowIndex' | 'ordinal'>;

/** All decisions on some findings or records, the first ones first. */
export async function listDecisions(
  client: ClientBase | Pool,
  keys: readonly DecisionKey[],
): Promise<readonly MadeDecision[]> {
  const { rows } = await client.query<MadeDecision>(sql`
    SELECT e.batch_id AS "batchId", e.row_index AS "rowIndex", e.ordinal, e.version, d.decision,
           e.edited_value AS value, e.match_choice AS "matchChoice", d.comment, d.actor_id AS "decidedById",
           d.created_at AS "decidedAt"
    FROM jsonb_to_recordset(${JSON.stringify(keys)}::jsonb)
      AS k("batchId" uuid, "rowIndex" int, ordinal int)
    JOIN decision_entry e ON e.batch_id = k."batchId" AND e.row_index = k."rowIndex"
      AND e.ordinal = k.ordinal
    JOIN decision d ON d.id = e.decision_id
    ORDER BY e.batch_id, e.row_index, e.ordinal, e.version`);
  return rows;
}

/** What a reviewer saw in another version than there is by now. */
export interface StaleKey {
  readonly rowIndex: number;
  readonly ordinal: number;
  /** Null where the reviewer named none. */
  readonly seen: number | null;
  readonly version: number;
}

/** Tells a reviewer who was faster, and with what. */
export async function staleVersionError(
  client: ClientBase,
  batchId: string,
  stale: readonly StaleKey[],
): Promise<ExpectedError> {
  const [first] = stale;
  if (!first) throw new Error('Nothing is stale.');
  const { rowIndex, ordinal, seen, version } = first;
  const what =
    ordinal === WHOLE_RECORD ? `Record ${rowIndex}` : `Finding ${ordinal} of record ${rowIndex}`;
  const others = stale.length > 1 ? ` The same goes for ${stale.length - 1} more.` : '';
  const last = await lastDecision(client, { batchId, rowIndex, ordinal });
  const changed = last
    ? `is ${last.decision} since ${last.decidedAt.toISOString()} by ${last.decidedBy}`
    : 'has changed';
  return new ExpectedError(
    'CONFLICT',
    `${what} ${changed} (version ${version}; you ${seen === null ? 'named none' : `saw ${seen}`}).${others} ` +
      'Nothing was decided: look at it again, and name the version that you see.',
    {
      rowIndex,
      ordinal,
      version,
      ...(last && {
        decision: last.decision,
        decidedById: last.decidedById,
        decidedAt: last.decidedAt.toISOString(),
      }),
    },
  );
}

interface LastDecision extends Pick<MadeDecision, 'decision' | 'decidedById' | 'decidedAt'> {
  readonly decidedBy: string;
}

async function lastDecision(
  client: ClientBase,
  { batchId, rowIndex, ordinal }: DecisionKey,
): Promise<LastDecision | null> {
  const { rows } = await client.query<LastDecision>(sql`
    SELECT d.decision, d.actor_id AS "decidedById", d.created_at AS "decidedAt",
           coalesce(u.name, u.email, u.id::text) AS "decidedBy"
    FROM decision_entry e
    JOIN decision d ON d.id = e.decision_id
    JOIN app_user u ON u.id = d.actor_id
    WHERE e.batch_id = ${batchId} AND e.row_index = ${rowIndex} AND e.ordinal = ${ordinal}
    ORDER BY e.version DESC LIMIT 1`);
  return rows[0] ?? null;
}
