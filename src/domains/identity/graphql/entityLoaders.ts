import DataLoader from 'dataloader';
import type { Pool } from 'pg';
import { validate as isUuid } from 'uuid';
import { notFound } from '../../../platform/errors.ts';
import type {
  CustomerDevice,
  CustomerSite,
  Membership,
  PrismaClient,
  StagedBatch,
  ThirdParty,
  User,
  Workspace,
} from '../generated/prisma/client.ts';
import {
  countFindings,
  countRecords,
  type FindingCount,
  type RecordCount,
} from '../services/staging/batchCounts.ts';

type Loader<T> = DataLoader<string, T | null>;

/**
 * Rows by id, one statement per type however many are asked for. An unknown or malformed id, and a
 * row of a workspace that the caller is no member of, are all null.
 */
export interface EntityLoaders {
  readonly workspace: Loader<Workspace>;
  /** Members of the caller's workspaces, and who created batches there. */
  readonly user: Loader<User>;
  readonly membershipsOfUser: DataLoader<string, Membership[]>;
  readonly contact: Loader<ThirdParty>;
  readonly site: Loader<CustomerSite>;
  readonly device: Loader<CustomerDevice>;
  readonly stagedBatch: Loader<StagedBatch>;
  readonly findingCounts: DataLoader<string, FindingCount[]>;
  readonly recordCounts: DataLoader<string, RecordCount[]>;
}

interface Viewer {
  readonly userId: string | null;
  readonly roles: () => Promise<ReadonlyMap<string, unknown>>;
}

/** The workspace filter of every statement: a stranger's rows are never even read. */
interface Visible {
  readonly workspaceId: { readonly in: string[] };
}

export function createEntityLoaders(
  { prisma, pool }: { readonly prisma: PrismaClient; readonly pool: Pool },
  viewer: Viewer,
): EntityLoaders {
  const visible = async (): Promise<Visible> => ({
    workspaceId: { in: [...(await viewer.roles()).keys()] },
  });
  const loaderOf = <T extends { readonly id: string }>(
    findMany: (ids: string[], visible: Visible) => Promise<readonly T[]>,
  ): Loader<T> =>
    new DataLoader(async (ids) => {
      const known = ids.filter((id) => isUuid(id)).map((id) => id.toLowerCase());
      const rows = known.length > 0 ? await findMany(known, await visible()) : [];
      const byId = new Map(rows.map((row) => [row.id, row]));
      return ids.map((id) => byId.get(id.toLowerCase()) ?? null);
    });
  return {
    workspace: loaderOf((ids, { workspaceId }) =>
      prisma.workspace.findMany({ where: { AND: [{ id: { in: ids } }, { id: workspaceId }] } }),
    ),
    user: loaderOf((ids, within) =>
      prisma.user.findMany({
        where: {
          id: { in: ids },
          OR: [
            ...(viewer.userId === null ? [] : [{ id: viewer.userId }]),
            { memberships: { some: within } },
            { batches: { some: within } },
          ],
        },
      }),
    ),
    membershipsOfUser: new DataLoader(async (userIds) => {
      const rows = await prisma.membership.findMany({
        where: { userId: { in: [...userIds] }, ...(await visible()) },
        orderBy: { createdAt: 'asc' },
      });
      const byUser = Map.groupBy(rows, (row) => row.userId);
      return userIds.map((id) => byUser.get(id) ?? []);
    }),
    contact: loaderOf((ids, within) =>
      prisma.thirdParty.findMany({ where: { id: { in: ids }, ...within } }),
    ),
    site: loaderOf((ids, within) =>
      prisma.customerSite.findMany({ where: { id: { in: ids }, ...within } }),
    ),
    device: loaderOf((ids, within) =>
      prisma.customerDevice.findMany({ where: { id: { in: ids }, ...within } }),
    ),
    stagedBatch: loaderOf((ids, within) =>
      prisma.stagedBatch.findMany({ where: { id: { in: ids }, ...within } }),
    ),
    findingCounts: new DataLoader(async (batchIds) => {
      const byBatch = Map.groupBy(await countFindings(pool, batchIds), (row) => row.batchId);
      return batchIds.map((id) => byBatch.get(id) ?? []);
    }),
    recordCounts: new DataLoader(async (batchIds) => {
      const byBatch = Map.groupBy(await countRecords(pool, batchIds), (row) => row.batchId);
      return batchIds.map((id) => byBatch.get(id) ?? []);
    }),
  };
}

/**
 * Resolves a federation reference. Its id comes from another service as it is: anything but an id of
 * the type is no entity, and must not fail the references beside it.
 */
export async function loadReference<T>(loader: Loader<T>, id: unknown): Promise<T | null> {
  return typeof id === 'string' ? loader.load(id) : null;
}

/** @throws `NOT_FOUND` where the loader has nothing for the id */
export async function loadOrNotFound<T>(loader: Loader<T>, id: string, what: string): Promise<T> {
  const row = await loader.load(id);
  if (row === null) throw notFound(what);
  return row;
}
