import sql from 'sql-template-tag';
import type { EntityType } from '../../../../../src/domains/identity/rules/entities.ts';
import { exportEntities } from '../../../../../src/domains/identity/services/exports/exportEntities.ts';
import type { ExportPage } from '../../../../../src/domains/identity/services/exports/exportPage.ts';
import type { ExportFormat } from '../../../../../src/domains/identity/services/exports/exportText.ts';
import type { IdentityTestbed } from '../../support/identityTestbed.ts';
import { importInput } from '../../support/importInput.ts';

/** Reads all pages of an export, each of at most `first` rows. */
export async function readAll<Position>(
  readPage: (after: Position | null) => Promise<ExportPage<Position>>,
): Promise<string> {
  let text = '';
  for (let after: Position | null = null; ; ) {
    const page: ExportPage<Position> = await readPage(after);
    text += page.text;
    if (!page.hasNextPage) return text;
    after = page.end;
  }
}

/** Files that leave workspaces, and come back in. */
export function createExportBed(testbed: IdentityTestbed, actorId: string) {
  const { pool, imports } = testbed.runtime;

  async function importText(
    workspaceId: string,
    entityType: EntityType,
    text: string,
  ): Promise<string> {
    const profile = `${entityType}Import`;
    const imported = await imports.importFile(
      importInput({ workspaceId, createdBy: actorId, profile, file: text }),
    );
    await testbed.untilResting(imported.batchId);
    return imported.batchId;
  }

  return {
    importText,
    exportAll: (workspaceId: string, entityType: EntityType, format: ExportFormat, first = 7) =>
      readAll<string>((after) =>
        exportEntities(pool, { workspaceId, entityType, format, after, first }),
      ),
    /** The rows of a batch with what they are to production. */
    async rowsOf(batchId: string) {
      const { rows } = await pool.query(sql`
        SELECT r.raw_data AS "rawData", s.match_kind AS match, s.status, s.reason
        FROM staged_record r LEFT JOIN staged_record_state s USING (batch_id, row_index)
        WHERE r.batch_id = ${batchId} ORDER BY row_index`);
      return rows;
    },
  };
}
