import type { StagedBatch } from '../../generated/prisma/client.ts';
import type { Permission } from '../../services/permissions.ts';
import { type IdentityContext, signedIn } from '../context.ts';
import { loadOrNotFound } from '../entityLoaders.ts';

/**
 * The batch that a mutation is about, for a caller who has the permission in its workspace. Mutations
 * name the batch alone, so their permission can't be demanded before it has been read.
 *
 * @throws `UNAUTHENTICATED` without a token, `NOT_FOUND` for a stranger and for an id of nothing,
 *   `FORBIDDEN` for a member whose role does not suffice
 */
export async function loadBatchFor(
  context: IdentityContext,
  batchId: string,
  permission: Permission,
): Promise<StagedBatch> {
  signedIn(context);
  const batch = await loadOrNotFound(context.loaders.stagedBatch, batchId, 'staged batch');
  await context.demand(permission, batch.workspaceId);
  return batch;
}
