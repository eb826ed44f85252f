import type { Pool } from 'pg';
import sql, { raw } from 'sql-template-tag';
import { validate as isUuid } from 'uuid';
import { badUserInput, ExpectedError, notFound } from '../../../../platform/errors.ts';
import type { EntityState } from '../../generated/prisma/enums.ts';
import { ENTITY_TABLES } from '../../profiles/entityTables.ts';
import type { StagedRow } from '../../profiles/profile.ts';
import type { EntityType } from '../../rules/entities.ts';
import type { IngestedBatch, IngestStagedBatch } from '../staging/ingestionService.ts';

export interface ArchiveEntitiesInput {
  readonly workspaceId: string;
  readonly entityType: EntityType;
  readonly entityIds: readonly string[];
  readonly createdBy: string;
  /** Default: `Archive — <YYYY-MM-DD, UTC>`. */
  readonly title: string | null;
}

export interface ArchiveService {
  /**
   * Sends the archival of some entities through review, as a staged batch. They are archived when
   * their records are accepted and the batch is promoted.
   *
   * @throws `BAD_USER_INPUT` for no ids, or too many; `NOT_FOUND` for an id that the workspace does
   *   not have; `CONFLICT` for an entity that is not active; and what {@link IngestStagedBatch} throws
   */
  readonly archiveEntities: (input: ArchiveEntitiesInput) => Promise<IngestedBatch>;
}

interface Dependencies {
  readonly pool: Pool;
  readonly ingestStagedBatch: IngestStagedBatch;
}

export function createArchiveService(dependencies: Dependencies): ArchiveService {
  return { archiveEntities: (input) => archiveEntities(dependencies, input) };
}

const MAX_IDS = 10_000;

async function archiveEntities(
  { pool, ingestStagedBatch }: Dependencies,
  { workspaceId, entityType, entityIds, createdBy, title }: ArchiveEntitiesInput,
): Promise<IngestedBatch> {
  const ids = [...new Set(entityIds.map((id) => id.toLowerCase()))];
  if (ids.length === 0) throw badUserInput('input.entityIds', 'Name at least one entity.');
  if (ids.length > MAX_IDS) {
    throw badUserInput('input.entityIds', `Name at most ${MAX_IDS} entities at a time.`);
  }
  const entities = await findEntities(pool, workspaceId, entityType, ids);
  if (entities.length < ids.length) throw notFound(entityType);
  const inactive = entities.find(({ state }) => state !== 'ACTIVE');
  if (inactive) {
    throw new ExpectedError(
      'CONFLICT',
      `The ${entityType} ${inactive.id} is ${inactive.state} already. Leave it out.`,
    );
  }
  return ingestStagedBatch({
    workspaceId,
    createdBy,
    title: title?.trim() || `Archive — ${new Date().toISOString().slice(0, 10)}`,
    sourceType: 'API_IMPORT',
    profile: 'entityArchive',
    autoPromote: false,
    rows: entities.map((entity) => archiveRow(workspaceId, entityType, entity)),
  });
}

interface ArchivedEntity {
  readonly id: string;
  readonly version: number;
  readonly state: EntityState;
}

/** In the order of their ids, in which the rows of a range are loaded. */
async function findEntities(
  pool: Pool,
  workspaceId: string,
  entityType: EntityType,
  ids: readonly string[],
): Promise<readonly ArchivedEntity[]> {
  const { rows } = await pool.query<ArchivedEntity>(sql`
    SELECT id, version, state FROM ${raw(ENTITY_TABLES[entityType])}
    WHERE workspace_id = ${workspaceId} AND id = ANY(${ids.filter((id) => isUuid(id))}::uuid[])
    ORDER BY id`);
  return rows;
}

/** What has been changed since it was asked for is a conflict at promotion. */
function archiveRow(
  workspaceId: string,
  entityType: EntityType,
  { id, version }: ArchivedEntity,
): StagedRow {
  return {
    entityType,
    rawData: { entityType, entityId: id, workspaceId, entityVersion: version },
  };
}
