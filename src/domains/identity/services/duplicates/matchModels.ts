import type { ClientBase } from 'pg';
import sql from 'sql-template-tag';
import { encodeJson } from '../../../../platform/postgres/copy.ts';
import { MATCH_MODEL_VERSION, type MatchModel } from '../matching/model.ts';
import type { MatchedType } from '../matching/recordStore.ts';

/** Keeps what an audit has learnt of a workspace, in place of what the audit before had. */
export async function keepMatchModel(
  client: ClientBase,
  { id: batchId, workspaceId }: { readonly id: string; readonly workspaceId: string },
  model: MatchModel,
): Promise<void> {
  await client.query(sql`
    INSERT INTO match_model (workspace_id, entity_type, batch_id, parameters)
    VALUES (${workspaceId}, ${model.type}::entity_type, ${batchId}, ${encodeJson(model)}::jsonb)
    ON CONFLICT (workspace_id, entity_type) DO UPDATE
    SET batch_id = excluded.batch_id, parameters = excluded.parameters, created_at = now()`);
}

/** What the last audit has learnt of a workspace; null where there was none. */
export async function readMatchModel(
  client: ClientBase,
  workspaceId: string,
  type: MatchedType,
): Promise<MatchModel | null> {
  const { rows } = await client.query<{ parameters: MatchModel }>(sql`
    SELECT parameters FROM match_model
    WHERE workspace_id = ${workspaceId} AND entity_type = ${type}::entity_type`);
  const model = rows[0]?.parameters;
  // One of an earlier version knows other fields: what it says is of no use any more.
  return model?.version === MATCH_MODEL_VERSION ? model : null;
}
