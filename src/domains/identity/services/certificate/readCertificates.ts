import type { Pool } from 'pg';
import sql from 'sql-template-tag';
import type { Certificate } from './certificate.ts';

/** The certificates of batches, in no order; audits that have not been processed, and imports, have none. */
export async function readCertificates(
  pool: Pool,
  batchIds: readonly string[],
): Promise<readonly Certificate[]> {
  const { rows } = await pool.query<{ certificate: Certificate }>(sql`
    SELECT certificate FROM staged_batch
    WHERE id = ANY(${batchIds}::uuid[]) AND certificate IS NOT NULL`);
  return rows.map(({ certificate }) => certificate);
}
