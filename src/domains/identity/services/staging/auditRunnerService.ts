import type { Pool, PoolClient } from 'pg';
import { ExpectedError } from '../../../../platform/errors.ts';
import { inTransaction } from '../../../../platform/postgres/pool.ts';
import type { AuditMode } from '../../generated/prisma/enums.ts';
import type { StagedRow } from '../../profiles/profile.ts';
import { ENTITY_TYPES, type EntityType } from '../../rules/entities.ts';
import { activeEntityIds } from './activeEntityIds.ts';
import type { IngestedBatch, IngestStagedBatch, ScheduledRun } from './ingestionService.ts';
import { nonEmpty } from './nonEmpty.ts';

export interface TriggerDataAuditInput {
  readonly workspaceId: string;
  /** Id of the user who asked for the audit. */
  readonly createdBy: string;
  /** Default: `Data audit — <YYYY-MM-DD, UTC>`. */
  readonly title?: string;
  readonly mode?: AuditMode;
  /** The schedule that triggers it, where one does. */
  readonly schedule?: ScheduledRun;
}

export interface AuditRunnerService {
  /**
   * Sends every active contact, site and device of a workspace through review.
   *
   * @throws `EMPTY_WORKSPACE` before anything is created when there is nothing to audit, and what
   *   {@link IngestStagedBatch} throws
   */
  readonly triggerDataAudit: (input: TriggerDataAuditInput) => Promise<IngestedBatch>;
}

interface Dependencies {
  /** Its connections are held while rows are staged: none of the pool that staging uses. */
  readonly snapshotPool: Pool;
  readonly ingestStagedBatch: IngestStagedBatch;
}

export function createAuditRunnerService(dependencies: Dependencies): AuditRunnerService {
  return { triggerDataAudit: (input) => triggerDataAudit(dependencies, input) };
}

function triggerDataAudit(
  { snapshotPool, ingestStagedBatch }: Dependencies,
  { workspaceId, createdBy, title = defaultTitle(), schedule }: TriggerDataAuditInput,
): Promise<IngestedBatch> {
  const readAsOfOneMoment = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY';
  return inTransaction(
    snapshotPool,
    async (client) => {
      const snapshot = await currentSnapshot(client);
      const rows = await nonEmpty(auditRows(client, workspaceId));
      if (rows === null) throw emptyWorkspace();
      try {
        return await ingestStagedBatch({
          workspaceId,
          createdBy,
          title,
          sourceType: 'DATA_AUDIT',
          profile: 'dataAudit',
          autoPromote: false,
          rows,
          snapshot,
          ...(schedule === undefined ? {} : { schedule }),
        });
      } finally {
        await rows.close();
      }
    },
    readAsOfOneMoment,
  );
}

function defaultTitle(): string {
  return `Data audit — ${new Date().toISOString().slice(0, 10)}`;
}

function emptyWorkspace(): ExpectedError {
  return new ExpectedError(
    'EMPTY_WORKSPACE',
    'This workspace has no active contact, site or device to audit. Import some first.',
  );
}

async function currentSnapshot(client: PoolClient): Promise<string> {
  const { rows } = await client.query<{ snapshot: string }>(
    'SELECT pg_current_snapshot()::text AS snapshot',
  );
  return rows[0]?.snapshot ?? '';
}

async function* auditRows(client: PoolClient, workspaceId: string): AsyncGenerator<StagedRow> {
  for (const entityType of ENTITY_TYPES) {
    for await (const entityIds of activeEntityIds(client, workspaceId, entityType)) {
      for (const entityId of entityIds) yield auditRow(entityType, entityId, workspaceId);
    }
  }
}

function auditRow(entityType: EntityType, entityId: string, workspaceId: string): StagedRow {
  return { entityType, rawData: { entityType, entityId, workspaceId } };
}
