import DataLoader from 'dataloader';
import type { Pool } from 'pg';
import { type FindingHistory, listFindingHistories } from '../services/ledger/findingHistories.ts';
import { type LedgerCounts, readLedgerCounts } from '../services/ledger/ledgerCounts.ts';
import {
  type EntityKey,
  type LedgerFinding,
  listEntityFindings,
} from '../services/ledger/ledgerFindings.ts';
import type { DecisionKey } from '../services/review/decisionLog.ts';
import { type BatchGains, readBatchGains } from '../services/score/batchGains.ts';
import { type QualityScore, readQualityScores } from '../services/score/qualityScore.ts';

/** What the memory of audits tells, one statement however much is asked for. */
export interface LedgerLoaders {
  /** What the ledger knows of the findings of batches. */
  readonly findingHistory: DataLoader<DecisionKey, FindingHistory | null, string>;
  readonly ledgerCounts: DataLoader<string, LedgerCounts | null>;
  /** What there is to gain by what audits have to review. */
  readonly batchGains: DataLoader<string, BatchGains | null>;
  /** What is open now; to be asked for entities that were loaded. */
  readonly openFindings: DataLoader<EntityKey, LedgerFinding[], string>;
  /** What is open, waived or resolved; to be asked for entities that were loaded. */
  readonly allFindings: DataLoader<EntityKey, LedgerFinding[], string>;
  /** Weighs all that is open in workspaces. */
  readonly quality: DataLoader<string, QualityScore>;
}

export function createLedgerLoaders(pool: Pool): LedgerLoaders {
  return {
    findingHistory: new DataLoader(
      async (keys) => {
        const histories = await listFindingHistories(pool, keys);
        const byKey = new Map(histories.map((history) => [findingKey(history), history]));
        return keys.map((key) => byKey.get(findingKey(key)) ?? null);
      },
      { cacheKeyFn: findingKey },
    ),
    ledgerCounts: new DataLoader(async (batchIds) => {
      const counts = await readLedgerCounts(pool, batchIds);
      return batchIds.map((id) => counts.get(id) ?? null);
    }),
    batchGains: new DataLoader(async (batchIds) => {
      const gains = await readBatchGains(pool, batchIds);
      return batchIds.map((id) => gains.get(id) ?? null);
    }),
    openFindings: entityFindingsLoader(pool, true),
    allFindings: entityFindingsLoader(pool, false),
    quality: new DataLoader((workspaceIds) => readQualityScores(pool, workspaceIds)),
  };
}

function entityFindingsLoader(
  pool: Pool,
  openOnly: boolean,
): DataLoader<EntityKey, LedgerFinding[], string> {
  return new DataLoader(
    async (keys) => {
      const findings = await listEntityFindings(pool, keys, { openOnly });
      const byEntity = Map.groupBy(findings, entityKey);
      return keys.map((key) => byEntity.get(entityKey(key)) ?? []);
    },
    { cacheKeyFn: entityKey },
  );
}

function findingKey({ batchId, rowIndex, ordinal }: DecisionKey): string {
  return `${batchId}:${rowIndex}:${ordinal}`;
}

function entityKey({ workspaceId, entityId }: EntityKey): string {
  return `${workspaceId}:${entityId}`;
}
