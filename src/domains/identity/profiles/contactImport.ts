import { loadImportedRange } from './loadImportedRange.ts';
import type { ImportProfile } from './profile.ts';

/** Rows of a file or an API that become, or update, contacts. */
export const contactImport: ImportProfile = {
  kind: 'import',
  name: 'contactImport',
  public: true,
  entityType: 'contact',
  matchesEntities: true,
  sourceTypes: ['CSV_IMPORT', 'API_IMPORT'],
  checksRecords: true,
  loadRange: (client, range) => loadImportedRange(client, range),
};
