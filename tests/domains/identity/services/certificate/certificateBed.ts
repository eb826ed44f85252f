import type { Pool } from 'pg';
import { expect } from 'vitest';
import type { EntityType } from '../../../../../src/domains/identity/rules/entities.ts';
import type {
  Certificate,
  CertifiedEntities,
} from '../../../../../src/domains/identity/services/certificate/certificate.ts';

/** The certificate of a batch, and what else the batch says; null where it has none. */
export async function certificateOf(pool: Pool, batchId: string): Promise<Certificate | null> {
  const { rows } = await pool.query<{ certificate: Certificate | null }>(
    'SELECT certificate FROM staged_batch WHERE id = $1',
    [batchId],
  );
  return rows[0]?.certificate ?? null;
}

/** What a certificate says of the entities of a type, whose sum must hold. */
export async function certifiedOf(
  pool: Pool,
  batchId: string,
  entityType: EntityType,
): Promise<CertifiedEntities> {
  const certificate = await certificateOf(pool, batchId);
  const found = certificate?.entities.find((entities) => entities.entityType === entityType);
  if (!found) throw new Error(`Batch ${batchId} has no certificate.`);
  const { expected, checked, gone, unreadable, unchanged } = found;
  expect(checked + gone + unreadable + unchanged).toBe(expected);
  return found;
}
