import type { Pool, PoolClient } from 'pg';
import { ExpectedError } from '../../../../platform/errors.ts';
import { inTransaction } from '../../../../platform/postgres/pool.ts';
import type { AuditMode } from '../../generated/prisma/enums.ts';
import type { StagedRow } from '../../profiles/profile.ts';
import { ENTITY_TYPES, type EntityType } from '../../rules/entities.ts';
import { readRuleSet } from '../configuration/ruleSet.ts';
import { type ActiveEntity, activeEntities } from './activeEntities.ts';
import { auditExtent } from './auditBase.ts';
import { currentSnapshot } from './auditSnapshot.ts';
import { batchTitle } from './batchTitle.ts';
import type { IngestedBatch, IngestStagedBatch, ScheduledRun } from './ingestionService.ts';
import { nonEmpty } from './nonEmpty.ts';
import { type UnchangedEntities, unchangedSince } from './unchangedEntities.ts';

export interface TriggerDataAuditInput {
  readonly workspaceId: string;
  /** Id of the user who asked for the audit. */
  readonly createdBy: string;
  /** Default: `Data audit — <YYYY-MM-DD, UTC>`, or `Incremental data audit — …`. */
  readonly title?: string | undefined;
  /**
   * FULL by default. An incremental one leaves to workspace rules what has not changed since the last
   * certified audit; where that can't be told, it is full and says why.
   */
  readonly mode?: AuditMode | undefined;
  /** The schedule that triggers it, where one does. */
  readonly schedule?: ScheduledRun;
}

export interface AuditRunnerService {
  /**
   * Sends every active contact, site and device of a workspace through review.
   *
   * @throws `BAD_USER_INPUT` for a title that is empty or too long, and `EMPTY_WORKSPACE` when there
   *   is nothing to audit, before anything is created; and what {@link IngestStagedBatch} throws
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

async function triggerDataAudit(
  { snapshotPool, ingestStagedBatch }: Dependencies,
  { workspaceId, createdBy, title, mode = 'FULL', schedule }: TriggerDataAuditInput,
): Promise<IngestedBatch> {
  const named = batchTitle(title, mode === 'INCREMENTAL' ? 'Incremental data audit' : 'Data audit');
  const readAsOfOneMoment = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY';
  return inTransaction(
    snapshotPool,
    async (client) => {
      const { snapshot, ...taken } = await currentSnapshot(client);
      const ruleSet = await readRuleSet(client, workspaceId);
      const extent = await auditExtent(client, workspaceId, mode, ruleSet, { snapshot, ...taken });
      const rows = await nonEmpty(
        auditRows(client, workspaceId, (entityType) =>
          extent.base === null
            ? undefined
            : unchangedSince(extent.base, entityType, workspaceId, ruleSet, taken.snapshotAt),
        ),
      );
      if (rows === null) throw emptyWorkspace();
      try {
        return await ingestStagedBatch({
          workspaceId,
          createdBy,
          title: named,
          sourceType: 'DATA_AUDIT',
          profile: 'dataAudit',
          autoPromote: false,
          rows,
          snapshot,
          audit: { ...taken, ...extent, ruleSet },
          ...(schedule === undefined ? {} : { schedule }),
        });
      } finally {
        await rows.close();
      }
    },
    readAsOfOneMoment,
  );
}

function emptyWorkspace(): ExpectedError {
  return new ExpectedError(
    'EMPTY_WORKSPACE',
    'This workspace has no active contact, site or device to audit. Import some first.',
  );
}

/** @param unchangedOf - which entities of a type have not changed; undefined where all are looked at */
async function* auditRows(
  client: PoolClient,
  workspaceId: string,
  unchangedOf: (entityType: EntityType) => UnchangedEntities | undefined,
): AsyncGenerator<StagedRow> {
  // Rules know dates as ISO 8601 writes them.
  await client.query(`SET LOCAL datestyle = 'ISO, YMD'`);
  for (const entityType of ENTITY_TYPES) {
    const pages = activeEntities(client, workspaceId, entityType, unchangedOf(entityType));
    for await (const entities of pages) {
      for (const entity of entities) yield auditRow(entityType, entity, workspaceId);
    }
  }
}

function auditRow(
  entityType: EntityType,
  { id: entityId, unchanged }: ActiveEntity,
  workspaceId: string,
): StagedRow {
  const rawData = { entityType, entityId, workspaceId };
  return unchanged ? { entityType, rawData, unchanged } : { entityType, rawData };
}
