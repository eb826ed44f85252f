import type { Pool } from 'pg';
import { QUEUE_SCHEMA } from '../src/platform/postgres/queueSchema.ts';

const PARTS = {
  entities: ['third_party', 'customer_site', 'customer_device'],
  records: ['staged_record', 'staged_record_state'],
  findings: ['finding'],
  ledger: ['ledger_entry', 'ledger_event'],
  decisions: ['decision', 'decision_entry', 'waiver'],
  history: ['entity_change'],
  scores: ['quality_score'],
  steps: ['staged_batch_step'],
} as const;

/** Megabytes of disk, by what the tables are about; with indexes, and with rows that wait for vacuum. */
export type Sizes = Readonly<Record<keyof typeof PARTS | 'queue' | 'other' | 'total', number>>;

/** How large the tables of a database are. */
export async function tableSizes(pool: Pool): Promise<Sizes> {
  const { rows } = await pool.query<{ schema: string; table: string; mb: number }>(
    `SELECT schemaname AS schema, relname AS table,
            pg_total_relation_size(relid)::float8 / 1e6 AS mb
     FROM pg_stat_user_tables`,
  );
  const sum = (of: (row: { schema: string; table: string }) => boolean): number =>
    rows.filter(of).reduce((total, { mb }) => total + mb, 0);
  const named = Object.entries(PARTS).map(
    ([part, tables]) =>
      [part, sum(({ table }) => (tables as readonly string[]).includes(table))] as const,
  );
  const queue = sum(({ schema }) => schema === QUEUE_SCHEMA);
  const total = sum(() => true);
  const other = named.reduce((left, [, mb]) => left - mb, total - queue);
  return { ...Object.fromEntries(named), queue, other, total } as Sizes;
}

/** By how much each part has grown. */
export function growth(before: Sizes, after: Sizes): Sizes {
  const parts = Object.keys(after) as (keyof Sizes)[];
  return Object.fromEntries(parts.map((part) => [part, after[part] - before[part]])) as Sizes;
}
