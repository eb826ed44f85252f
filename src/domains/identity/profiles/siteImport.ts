import { loadImportedRange } from './loadImportedRange.ts';
import type { ImportProfile } from './profile.ts';

/** Rows of a file or an API that become, or update, sites. */
export const siteImport: ImportProfile = {
  kind: 'import',
  name: 'siteImport',
  public: true,
  entityType: 'site',
  matchesEntities: true,
  sourceTypes: ['CSV_IMPORT', 'API_IMPORT'],
  checksRecords: true,
  loadRange: (client, range) => loadImportedRange(client, range),
};
