import type { ClientBase, Pool } from 'pg';
import sql from 'sql-template-tag';
import { validate as isUuid, v7 as uuidv7 } from 'uuid';
import { badUserInput, ExpectedError } from '../../../platform/errors.ts';
import {
  inTransaction,
  isDatabaseError,
  UNIQUE_VIOLATION,
} from '../../../platform/postgres/pool.ts';
import type { Role } from '../generated/prisma/enums.ts';
import { isCountryCode } from '../rules/values/country.ts';
import { pauseWithoutRight } from './schedules/pauseWithoutRight.ts';

const MAX_NAME_LENGTH = 200;

/** A host name's label: https://www.rfc-editor.org/rfc/rfc1123#section-2.1, in lower case. */
const SLUG = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

export interface CreateWorkspaceInput {
  readonly slug: string;
  /** Default: the slug. */
  readonly name: string | null;
  /** ISO 3166-1 alpha-2; read where an entity has no country of its own. */
  readonly defaultCountry: string | null;
  /** Id of the user who becomes its ADMIN. */
  readonly createdBy: string;
}

/**
 * Creates a workspace; who creates it is its ADMIN.
 *
 * @returns the id of the workspace
 * @throws `BAD_USER_INPUT` for a slug, name or country that can't be, `CONFLICT` for a slug that is
 * taken
 */
export async function createWorkspace(pool: Pool, input: CreateWorkspaceInput): Promise<string> {
  const { slug, defaultCountry } = input;
  const name = input.name === null ? slug : input.name.trim();
  if (!SLUG.test(slug)) {
    throw badUserInput(
      'input.slug',
      `"${slug}" can't be a slug: use 1 to 63 lower-case letters, digits and inner hyphens.`,
    );
  }
  if (name === '' || name.length > MAX_NAME_LENGTH) {
    throw badUserInput(
      'input.name',
      `A name has 1 to ${MAX_NAME_LENGTH} characters. Leave it out to use the slug.`,
    );
  }
  if (defaultCountry !== null && !isCountryCode(defaultCountry)) {
    throw badUserInput(
      'input.defaultCountry',
      `"${defaultCountry}" is not a country code: use ISO 3166-1 alpha-2, such as US or DE.`,
    );
  }
  const id = uuidv7();
  try {
    await inTransaction(pool, async (client) => {
      await client.query(sql`
        INSERT INTO workspace (id, slug, name, default_country)
        VALUES (${id}, ${slug}, ${name}, ${defaultCountry})`);
      await client.query(sql`
        INSERT INTO membership (workspace_id, user_id, role)
        VALUES (${id}, ${input.createdBy}, 'ADMIN')`);
    });
  } catch (error) {
    if (!isDatabaseError(error, UNIQUE_VIOLATION, 'workspace_slug_key')) throw error;
    throw new ExpectedError('CONFLICT', `The slug "${slug}" is taken. Choose another.`);
  }
  return id;
}

/** Whether what a member decided on is left for somebody else to promote. */
export async function wantsFourEyes(
  client: ClientBase | Pool,
  workspaceId: string,
): Promise<boolean> {
  const { rows } = await client.query<{ fourEyes: boolean }>(sql`
    SELECT four_eyes AS "fourEyes" FROM workspace WHERE id = ${workspaceId}`);
  return rows[0]?.fourEyes ?? false;
}

export interface SetMemberInput {
  readonly workspaceId: string;
  readonly userId: string;
  readonly role: Role;
}

/**
 * Gives a user a role in a workspace, as a new member or instead of the role they had.
 *
 * @throws `CONFLICT` when that would leave the workspace without an ADMIN
 */
export async function setMember(pool: Pool, input: SetMemberInput): Promise<void> {
  const { workspaceId, userId, role } = input;
  await inTransaction(pool, async (client) => {
    await client.query(sql`SELECT FROM workspace WHERE id = ${workspaceId} FOR UPDATE`);
    await client.query(sql`
      INSERT INTO membership (workspace_id, user_id, role)
      VALUES (${workspaceId}, ${userId}, ${role}::role)
      ON CONFLICT (workspace_id, user_id) DO UPDATE SET role = excluded.role`);
    await assertAdminRemains(client, workspaceId);
    await pauseWithoutRight(client, { workspaceId, ownerId: userId });
  });
}

/**
 * Takes a user's membership of a workspace away.
 *
 * @throws `BAD_USER_INPUT` when they are not a member, `CONFLICT` when they are its last ADMIN
 */
export async function removeMember(
  pool: Pool,
  { workspaceId, userId }: { readonly workspaceId: string; readonly userId: string },
): Promise<void> {
  if (!isUuid(userId)) throw notAMember();
  await inTransaction(pool, async (client) => {
    await client.query(sql`SELECT FROM workspace WHERE id = ${workspaceId} FOR UPDATE`);
    const { rowCount } = await client.query(sql`
      DELETE FROM membership WHERE workspace_id = ${workspaceId} AND user_id = ${userId}`);
    if (rowCount === 0) throw notAMember();
    await assertAdminRemains(client, workspaceId);
    await pauseWithoutRight(client, { workspaceId, ownerId: userId });
  });
}

function notAMember(): ExpectedError {
  return badUserInput('input.userId', 'This user is not a member of the workspace.');
}

async function assertAdminRemains(client: Pick<Pool, 'query'>, workspaceId: string): Promise<void> {
  const { rowCount } = await client.query(sql`
    SELECT FROM membership WHERE workspace_id = ${workspaceId} AND role = 'ADMIN' LIMIT 1`);
  if (rowCount === 0) {
    throw new ExpectedError(
      'CONFLICT',
      'A workspace keeps at least one ADMIN. Make another member ADMIN first.',
    );
  }
}

export interface FindMemberInput {
  /** The user's id; or else their email address. */
  readonly userId: string | null;
  readonly email: string | null;
  /** Only users of this user's own identity provider can be found: others are strangers. */
  readonly askedBy: string;
}

/**
 * Finds the user that a caller means.
 *
 * @returns the user's id
 * @throws `BAD_USER_INPUT` when not exactly one of id and email is given, or nobody is found
 */
export async function findMemberToBe(
  pool: Pool,
  { userId, email, askedBy }: FindMemberInput,
): Promise<string> {
  if ((userId === null) === (email === null)) {
    throw badUserInput('input.userId', 'Give either userId or email.');
  }
  if (email !== null) return findByEmail(pool, email, askedBy);
  const { rows } = isUuid(userId)
    ? await pool.query<{ id: string }>(sql`
        SELECT id FROM app_user
        WHERE id = ${userId} AND issuer = (SELECT issuer FROM app_user WHERE id = ${askedBy})`)
    : { rows: [] };
  if (rows[0]) return rows[0].id;
  throw badUserInput('input.userId', 'There is no user with this id.');
}

/** Only addresses that the identity provider has verified: others anybody could claim. */
async function findByEmail(pool: Pool, email: string, askedBy: string): Promise<string> {
  const { rows } = await pool.query<{ id: string }>(sql`
    SELECT u.id FROM app_user u
    WHERE u.issuer = (SELECT issuer FROM app_user WHERE id = ${askedBy})
      AND lower(u.email) = lower(${email}) AND u.email_verified
    LIMIT 2`);
  const [user, another] = rows;
  if (user && !another) return user.id;
  throw badUserInput(
    'input.email',
    user
      ? 'Several users have this address. Name the one you mean by userId.'
      : 'No user with this verified address has signed in yet. Ask them to sign in once.',
  );
}
