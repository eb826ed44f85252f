import type { ClientBase } from 'pg';
import sql from 'sql-template-tag';
import { encodeJson } from '../../../../platform/postgres/copy.ts';
import { allRules, ruleById } from '../../rules/catalogue.ts';
import type { Severity } from '../../rules/rule.ts';
import type { RuleInForce, RuleSet } from '../configuration/ruleSet.ts';
import type { MatchingDetails, UncomparedPairs } from '../duplicates/matchingDetails.ts';
import { systemIdentifierOf } from '../staging/auditSnapshot.ts';
import { StepFailure } from '../staging/batchSteps.ts';
import type { StagedBatch } from '../staging/stagedBatch.ts';
import type { Certificate, CertifiedRule } from './certificate.ts';
import { certifiedEntities } from './certifiedEntities.ts';

/**
 * Keeps what an audit has looked at as its certificate, once all its steps are done. Audits from before
 * there were any get none.
 *
 * @throws StepFailure where the audit is not complete, or its database was restored elsewhere since
 */
export async function certify(client: ClientBase, batch: StagedBatch): Promise<void> {
  const audit = await readAudit(client, batch.id);
  if (batch.mode === null || audit === null) return;
  const { snapshot, snapshotAt, systemIdentifier, fullReason, now } = audit;
  const { defaultCountry, rules } = audit.ruleSet;
  if (systemIdentifier !== (await systemIdentifierOf(client))) {
    throw new StepFailure('the database was restored since the audit began; start a new one');
  }
  const certificate: Certificate = {
    batchId: batch.id,
    workspaceId: batch.workspaceId,
    mode: batch.mode,
    baseBatchId: batch.baseBatchId,
    fullReason,
    snapshot,
    snapshotAt: snapshotAt.toISOString(),
    certifiedAt: now.toISOString(),
    entities: await certifiedEntities(client, batch, snapshot),
    defaultCountry,
    rules: rules.map(certifiedRule),
    rulesOff: allRules.map(({ id }) => id).filter((id) => rules.every((rule) => rule.id !== id)),
    uncompared: await readUncompared(client, batch.id),
    findings: await countBySeverity(client, batch.id),
  };
  await client.query(sql`
    UPDATE staged_batch SET certificate = ${encodeJson(certificate)}::jsonb WHERE id = ${batch.id}`);
}

interface Audit {
  readonly snapshot: string;
  readonly snapshotAt: Date;
  readonly systemIdentifier: string | null;
  readonly fullReason: string | null;
  readonly ruleSet: RuleSet;
  readonly now: Date;
}

async function readAudit(client: ClientBase, batchId: string): Promise<Audit | null> {
  const { rows } = await client.query<Audit>(sql`
    SELECT snapshot, snapshot_at AS "snapshotAt", system_identifier AS "systemIdentifier",
           full_reason AS "fullReason", rule_set AS "ruleSet", clock_timestamp() AS now
    FROM staged_batch
    WHERE id = ${batchId} AND snapshot IS NOT NULL AND snapshot_at IS NOT NULL
      AND rule_set IS NOT NULL`);
  return rows[0] ?? null;
}

function certifiedRule({ id, version, severity, parameters }: RuleInForce): CertifiedRule {
  const known = ruleById(id)?.parameters ?? [];
  return {
    ...{ id, version, severity },
    parameters: known.map((parameter) => ({
      id: parameter.id,
      value: parameters[parameter.id] ?? parameter.default,
    })),
  };
}

async function readUncompared(client: ClientBase, batchId: string): Promise<UncomparedPairs[]> {
  const { rows } = await client.query<{ details: MatchingDetails }>(sql`
    SELECT details FROM staged_batch_step
    WHERE batch_id = ${batchId} AND kind = 'WORKSPACE_RULE' AND details IS NOT NULL
    ORDER BY step_index`);
  return rows.flatMap(({ details }) => details.uncompared);
}

async function countBySeverity(
  client: ClientBase,
  batchId: string,
): Promise<{ severity: Severity; count: number }[]> {
  const { rows } = await client.query<{ severity: Severity; count: number }>(sql`
    SELECT severity, count(f.batch_id)::int AS count
    FROM unnest(enum_range(NULL::severity)) AS severity
    LEFT JOIN (SELECT batch_id, severity FROM finding WHERE batch_id = ${batchId}) f
      USING (severity)
    GROUP BY severity ORDER BY severity`);
  return rows;
}
