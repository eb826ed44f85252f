import { loadImportedRange } from './loadImportedRange.ts';
import type { ImportProfile } from './profile.ts';

/**
 * The demo workspace's rows: of any type, with ids of their own, and promoted unchecked, since the
 * defects planted in them are for the first audit to find.
 */
export const demoSeed: ImportProfile = {
  kind: 'import',
  name: 'demoSeed',
  public: false,
  entityType: null,
  matchesEntities: false,
  sourceTypes: ['API_IMPORT'],
  checksRecords: false,
  loadRange: (client, range) => loadImportedRange(client, range, true),
};
