import sql, { raw, type Sql } from 'sql-template-tag';

/** A field by which entities of one type refer to entities of another. */
export interface Reference {
  readonly field: 'siteId' | 'ownerId';
  /** Table and column that hold it, and the table that it points at. */
  readonly table: string;
  readonly column: string;
  readonly target: string;
  /** Which entities are looked at, as a condition on `e`; null for all. */
  readonly only: string | null;
}

/** Retired devices are left where they were. */
export const DEVICE_SITE: Reference = {
  field: 'siteId',
  table: 'customer_device',
  column: 'site_id',
  target: 'customer_site',
  only: `e.status <> 'RETIRED'`,
};

export const SITE_OWNER: Reference = {
  field: 'ownerId',
  table: 'customer_site',
  column: 'owner_id',
  target: 'third_party',
  only: null,
};

/** A condition on the entity `e` that refers: whether it is active, in the workspace, and of those that count. */
export function areLookedAt(workspaceId: string, { only }: Reference): Sql {
  return sql`e.workspace_id = ${workspaceId} AND e.state = 'ACTIVE' AND ${raw(only ?? 'true')}`;
}
