import sql, { type Sql } from 'sql-template-tag';

/** Who made a change, when and through which batch, as a part of a sentence. */
export function byWhom(change: Sql): Sql {
  return sql`(
    SELECT format('by %s on %s, through "%s"', coalesce(u.name, u.email, 'somebody'),
                  to_char(${change}.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI "UTC"'), b.title)
    FROM staged_batch b LEFT JOIN app_user u ON u.id = ${change}.actor_id
    WHERE b.id = ${change}.batch_id)`;
}
