import { loadImportedRange } from './loadImportedRange.ts';
import type { ImportProfile } from './profile.ts';

/** Rows of a file or an API that become, or update, devices. */
export const deviceImport: ImportProfile = {
  kind: 'import',
  name: 'deviceImport',
  public: true,
  entityType: 'device',
  matchesEntities: true,
  sourceTypes: ['CSV_IMPORT', 'API_IMPORT'],
  checksRecords: true,
  loadRange: (client, range) => loadImportedRange(client, range),
};
