import type { ClientBase } from 'pg';
import type { EntityType } from '../rules/entities.ts';
import { auditedTypes, loadAudited } from './auditedEntities.ts';
import type { AuditProfile, LoadedPage, RowRange } from './profile.ts';

/** Loads the production entities that rows of a batch stand for; they are staged in the order of ids. */
export async function* loadEntities(
  client: ClientBase,
  range: RowRange,
): AsyncGenerator<LoadedPage> {
  for (const entityType of await auditedTypes(client, range)) {
    yield* loadEntitiesOfType(client, entityType, range);
  }
}

/** Loads the production entities of one type that rows of a batch stand for. */
export async function* loadEntitiesOfType(
  client: ClientBase,
  entityType: EntityType,
  { rowIndexes, ...range }: RowRange,
): AsyncGenerator<LoadedPage> {
  const rows = rowIndexes === undefined ? range : { ...range, rowIndexes };
  switch (entityType) {
    case 'contact':
      for await (const page of loadAudited(client, entityType, rows)) yield { entityType, ...page };
      break;
    case 'site':
      for await (const page of loadAudited(client, entityType, rows)) yield { entityType, ...page };
      break;
    case 'device':
      for await (const page of loadAudited(client, entityType, rows)) yield { entityType, ...page };
      break;
  }
}

/** Everything a workspace already has, looked at again. */
export const dataAudit: AuditProfile = {
  kind: 'audit',
  name: 'dataAudit',
  sourceTypes: ['DATA_AUDIT'],
  checksRecords: true,
  entityIdOf: ({ entityId }) => String(entityId),
  loadRange: loadEntities,
};
