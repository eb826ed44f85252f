import type { ClientBase, Pool } from 'pg';
import sql from 'sql-template-tag';
import { ExpectedError } from '../../../../platform/errors.ts';
import type { Logger } from '../../../../platform/logger.ts';
import { inTransaction } from '../../../../platform/postgres/pool.ts';
import { IN_PROCESS_RECORDS } from '../duplicates/matchDuplicates.ts';
import { findStagedBatch, type StagedBatch } from '../staging/stagedBatch.ts';
import { affectedRules } from './affectedRules.ts';
import { readConfiguration } from './configuration.ts';
import { type ConfigurationInput, planConfiguration } from './planConfiguration.ts';
import { type RuleSet, ruleSetOf } from './ruleSet.ts';
import { findOnTrial } from './trialFindings.ts';
import { compareTrial, type TrialOutcome } from './trialOutcome.ts';

/** What a change of the configuration would have made of the last audit. */
export interface BackTest extends TrialOutcome {
  /** The audit that it is compared with. */
  readonly batchId: string;
  /** How many contacts, sites and devices were changed since, or are new. */
  readonly changedEntityCount: number;
}

export interface BackTestService {
  /**
   * Says how many findings a change of the configuration would add and remove, and changes nothing.
   * The rules that it affects are run over the records of the last full audit, as they are now, and
   * by the date of the audit; what they find is compared with what the audit has. Changes that were
   * made since that audit count too, as they will in the next one.
   *
   * @param signal - aborted when nobody waits for the outcome any more
   * @throws `BAD_USER_INPUT` as `configureWorkspace`; `CONFLICT` where there is no full audit to
   *   compare with, and while another back-test of the workspace is under way
   */
  readonly backTest: (input: ConfigurationInput, signal?: AbortSignal) => Promise<BackTest>;
}

interface Dependencies {
  readonly pool: Pool;
  readonly logger: Logger;
  /** Where the database is, for processes of their own. */
  readonly databaseUrl: string;
  /** How many records are compared in this process at the most. */
  readonly inProcessRecords?: number;
}

export function createBackTestService(dependencies: Dependencies): BackTestService {
  return { backTest: (input, signal) => backTest(dependencies, input, signal) };
}

const NEVER = new AbortController().signal;

async function backTest(
  { pool, logger, databaseUrl, inProcessRecords = IN_PROCESS_RECORDS }: Dependencies,
  input: ConfigurationInput,
  signal: AbortSignal = NEVER,
): Promise<BackTest> {
  const goOn = (): void => {
    if (!signal.aborted) return;
    throw new ExpectedError('SERVICE_UNAVAILABLE', 'The caller of the back-test has gone away.');
  };
  const matching = {
    ...{ logger, inProcessRecords, stopping: signal },
    connectionString: databaseUrl,
  };
  const current = await readConfiguration(pool, input.workspaceId);
  const { configuration } = planConfiguration(current, input);
  const ruleSet = ruleSetOf(configuration.defaultCountry, [...configuration.settings.values()]);
  // One snapshot for all: the audit may be thinned meanwhile. It locks nothing that others want.
  const work = inTransaction(
    pool,
    async (client) => {
      await beTheOnlyOne(client, input.workspaceId);
      const { audit, ruleSet: before } = await readLastAudit(client, input.workspaceId);
      const affected = affectedRules(before ?? ruleSetOf(current.defaultCountry, []), ruleSet);
      await findOnTrial({ client, audit, ruleSet, affected, matching, goOn });
      const outcome = await compareTrial(client, audit.id, affected);
      const changedEntityCount = await countChanged(client, audit);
      return { batchId: audit.id, ...outcome, changedEntityCount };
    },
    'BEGIN ISOLATION LEVEL REPEATABLE READ',
  );
  return work.catch((error: unknown) => {
    // A process that was stopped has failed, but that is not why.
    goOn();
    throw error;
  });
}

/** A back-test may take the memory of an audit: one at a time, for each workspace. */
async function beTheOnlyOne(client: ClientBase, workspaceId: string): Promise<void> {
  const { rows } = await client.query<{ isOnlyOne: boolean }>(sql`
    SELECT pg_try_advisory_xact_lock(hashtextextended(${`back-test ${workspaceId}`}, 0))
      AS "isOnlyOne"`);
  if (rows[0]?.isOnlyOne) return;
  throw new ExpectedError(
    'CONFLICT',
    'Another back-test of this workspace is under way. Try again when it is done.',
  );
}

interface LastAudit {
  readonly audit: StagedBatch;
  /** What it was judged by; null for one from before that was kept. */
  readonly ruleSet: RuleSet | null;
}

/** The last audit that looked at everything, and whose findings are still there. */
async function readLastAudit(client: ClientBase, workspaceId: string): Promise<LastAudit> {
  const { rows } = await client.query<{ id: string; ruleSet: RuleSet | null }>(sql`
    SELECT id, rule_set AS "ruleSet" FROM staged_batch
    WHERE workspace_id = ${workspaceId} AND source_type = 'DATA_AUDIT' AND profile = 'dataAudit'
      AND mode IS DISTINCT FROM 'INCREMENTAL' AND thinned_at IS NULL
      AND (certificate IS NOT NULL
           OR status IN ('READY_FOR_REVIEW', 'PROMOTING', 'REVERTING', 'COMPLETED'))
    ORDER BY id DESC LIMIT 1`);
  const [last] = rows;
  const audit = last ? await findStagedBatch(client, last.id) : null;
  if (last !== undefined && audit !== null) return { audit, ruleSet: last.ruleSet };
  throw new ExpectedError(
    'CONFLICT',
    'There is no full audit of this workspace to compare with. Run one, and test the change then.',
  );
}

/** By transaction ids, as of the very snapshot that the audit took its entities from. */
async function countChanged(client: ClientBase, { id, workspaceId }: StagedBatch): Promise<number> {
  const { rows } = await client.query<{ count: number }>(sql`
    WITH audit AS MATERIALIZED (
      SELECT snapshot::pg_snapshot AS at, pg_snapshot_xmin(snapshot::pg_snapshot) AS since
      FROM staged_batch WHERE id = ${id}
    ), changed AS (
      SELECT changed_xid FROM third_party
      WHERE workspace_id = ${workspaceId} AND changed_xid >= (SELECT since FROM audit)
      UNION ALL
      SELECT changed_xid FROM customer_site
      WHERE workspace_id = ${workspaceId} AND changed_xid >= (SELECT since FROM audit)
      UNION ALL
      SELECT changed_xid FROM customer_device
      WHERE workspace_id = ${workspaceId} AND changed_xid >= (SELECT since FROM audit)
    )
    SELECT count(*)::int AS count FROM changed, audit
    WHERE NOT pg_visible_in_snapshot(changed_xid, at)`);
  return rows[0]?.count ?? 0;
}
