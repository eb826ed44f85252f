import { loadEntities } from './dataAudit.ts';
import type { ArchiveProfile } from './profile.ts';

/** Production entities that somebody wants to take out of use, to be reviewed like any other change. */
export const entityArchive: ArchiveProfile = {
  kind: 'archive',
  name: 'entityArchive',
  sourceTypes: ['API_IMPORT'],
  checksRecords: false,
  entityIdOf: ({ entityId }) => String(entityId),
  loadRange: loadEntities,
};
