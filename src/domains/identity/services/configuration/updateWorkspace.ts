import type { Pool } from 'pg';
import sql from 'sql-template-tag';
import { badUserInput, notFound } from '../../../../platform/errors.ts';
import { inTransaction } from '../../../../platform/postgres/pool.ts';
import { assertNotArchived } from '../workspaceArchive.ts';
import { recordConfigurationChanges } from './configurationChanges.ts';
import { difference } from './planConfiguration.ts';

/** A constraint of the table says the same. */
const MOST_DAYS = 3_650;

/** Settings of a workspace that no rule goes by. */
interface WorkspaceSettings {
  /** Whether findings that the promoter decided on are left for somebody else to promote. */
  readonly fourEyes: boolean;
  /** After how many days batches that have come to an end are thinned; null for never. */
  readonly retentionDays: number | null;
}

/** What is undefined stays as it is. */
export interface UpdateWorkspaceInput {
  readonly workspaceId: string;
  readonly fourEyes?: boolean | undefined;
  readonly retentionDays?: number | null | undefined;
  readonly actorId: string;
}

/**
 * Changes settings of a workspace, all of what is asked or nothing.
 *
 * @throws `BAD_USER_INPUT` for anything but 1 to 3650 days; `CONFLICT` in an archived workspace;
 *   `NOT_FOUND`
 */
export async function updateWorkspace(pool: Pool, input: UpdateWorkspaceInput): Promise<void> {
  const { workspaceId } = input;
  assertRetention(input.retentionDays);
  await inTransaction(pool, async (client) => {
    // Locks the workspace: others who configure it wait, audits don't.
    await assertNotArchived(client, workspaceId);
    const { rows } = await client.query<WorkspaceSettings>(sql`
      SELECT four_eyes AS "fourEyes", retention_days AS "retentionDays"
      FROM workspace WHERE id = ${workspaceId}`);
    const [before] = rows;
    if (before === undefined) throw notFound('workspace');
    const { fourEyes = before.fourEyes, retentionDays = before.retentionDays } = input;
    const changes = difference('', { ...before }, { fourEyes, retentionDays });
    if (changes.length === 0) return;
    await client.query(sql`
      UPDATE workspace
      SET four_eyes = ${fourEyes}, retention_days = ${retentionDays}, updated_at = now()
      WHERE id = ${workspaceId}`);
    await recordConfigurationChanges(client, input, changes);
  });
}

function assertRetention(days: number | null | undefined): void {
  if (days === undefined || days === null || (days >= 1 && days <= MOST_DAYS)) return;
  throw badUserInput('input.retentionDays', `Give 1 to ${MOST_DAYS} days, or null for never.`);
}
