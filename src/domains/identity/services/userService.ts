import type { Pool } from 'pg';
import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import type { Caller } from '../../../platform/auth/tokens.ts';
import type { Standing } from './permissions.ts';

/**
 * The user that a verified token speaks for. The first token of a person makes their user; a later
 * one brings email and name up to date.
 *
 * @returns the user's id
 */
export async function resolveUserId(pool: Pool, caller: Caller): Promise<string> {
  const { issuer, subject, email, emailVerified, name } = caller;
  const { rows: known } = await pool.query<{ id: string }>(sql`
    SELECT id FROM app_user
    WHERE issuer = ${issuer} AND subject = ${subject}
      AND (email, email_verified, name) IS NOT DISTINCT FROM (${email}, ${emailVerified}, ${name})`);
  if (known[0]) return known[0].id;
  const { rows } = await pool.query<{ id: string }>(sql`
    INSERT INTO app_user (id, issuer, subject, email, email_verified, name)
    VALUES (${uuidv7()}, ${issuer}, ${subject}, ${email}, ${emailVerified}, ${name})
    ON CONFLICT (issuer, subject) DO UPDATE
      SET email = excluded.email, email_verified = excluded.email_verified, name = excluded.name
    RETURNING id`);
  if (!rows[0]) throw new Error('The user could not be stored.');
  return rows[0].id;
}

/** What a user is in each workspace they are a member of, by the workspace's id. */
export async function rolesOfUser(
  pool: Pool,
  userId: string,
): Promise<ReadonlyMap<string, Standing>> {
  const { rows } = await pool.query<Standing & { workspaceId: string }>(sql`
    SELECT m.workspace_id AS "workspaceId", m.role, w.archived_at IS NOT NULL AS archived
    FROM membership m JOIN workspace w ON w.id = m.workspace_id
    WHERE m.user_id = ${userId}`);
  return new Map(rows.map(({ workspaceId, ...standing }) => [workspaceId, standing]));
}
