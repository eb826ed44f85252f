import type { Pool } from 'pg';
import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { badUserInput } from '../../../../platform/errors.ts';
import { encodeJson } from '../../../../platform/postgres/copy.ts';
import { type SavedReading, savedReadingSchema } from './importOptions.ts';

/** Where a mapping belongs: it is about the files of one source, by its name. */
export interface MappingKey {
  readonly workspaceId: string;
  readonly profile: string;
  readonly name: string;
}

/**
 * How the files of a source are read.
 *
 * @throws `BAD_USER_INPUT` where nothing is saved under the name
 */
export async function readSavedMapping(pool: Pool, key: MappingKey): Promise<SavedReading> {
  const { rows } = await pool.query<{ name: string; mapping: unknown }>(sql`
    SELECT name, mapping FROM import_mapping
    WHERE workspace_id = ${key.workspaceId} AND profile = ${key.profile} ORDER BY name`);
  const found = rows.find(({ name }) => name === key.name);
  if (found !== undefined) return savedReadingSchema.parse(found.mapping);
  const names = rows.map(({ name }) => `"${name}"`).join(', ') || 'none';
  throw badUserInput(
    'mapping',
    `No mapping "${key.name}" is saved for ${key.profile} in this workspace. Saved are: ${names}.`,
  );
}

/** Saves how the files of a source are read, in place of what was saved under the name before. */
export async function saveMapping(
  pool: Pool,
  { workspaceId, profile, name }: MappingKey,
  mapping: SavedReading,
  savedBy: string,
): Promise<void> {
  await pool.query(sql`
    INSERT INTO import_mapping (id, workspace_id, profile, name, mapping, saved_by_id)
    VALUES (${uuidv7()}, ${workspaceId}, ${profile}, ${name}, ${encodeJson(mapping)}::jsonb,
            ${savedBy})
    ON CONFLICT (workspace_id, profile, name) DO UPDATE
      SET mapping = excluded.mapping, saved_by_id = excluded.saved_by_id, saved_at = now()`);
}

/** Forgets a mapping. Batches that were read by it keep their options. */
export async function deleteSavedMapping(pool: Pool, id: string): Promise<void> {
  await pool.query(sql`DELETE FROM import_mapping WHERE id = ${id}`);
}
