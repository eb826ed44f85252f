import DataLoader from 'dataloader';
import type { Pool } from 'pg';
import { validate as isUuid } from 'uuid';
import { notFound } from '../../../platform/errors.ts';
import type {
  AuditSchedule,
  CustomerDevice,
  CustomerSite,
  ImportMapping,
  Membership,
  PrismaClient,
  StagedBatch,
  ThirdParty,
  User,
  Workspace,
} from '../generated/prisma/client.ts';
import type { EntityType } from '../generated/prisma/enums.ts';
import type { Certificate } from '../services/certificate/certificate.ts';
import { readCertificates } from '../services/certificate/readCertificates.ts';
import { type BatchMatching, readBatchMatching } from '../services/duplicates/batchMatching.ts';
import {
  type FoundReference,
  findReferences,
} from '../services/imports/references/resolveReferences.ts';
import { findMergedIds } from '../services/merge/mergedIds.ts';
import {
  type DecisionKey,
  listDecisions,
  type MadeDecision,
} from '../services/review/decisionLog.ts';
import { listWaivers, type Waiver } from '../services/review/waivers.ts';
import {
  countFindings,
  countMatches,
  countRecords,
  type FindingCount,
  type MatchCount,
  type RecordCount,
} from '../services/staging/batchCounts.ts';
import { type BatchProgress, readProgress } from '../services/staging/batchProgress.ts';
import type { StagedRecord } from '../services/staging/stagedRecords.ts';
import { createLedgerLoaders, type LedgerLoaders } from './ledgerLoaders.ts';

type Loader<T> = DataLoader<string, T | null>;

/**
 * Rows by id, one statement per type however many are asked for. An unknown or malformed id, and a
 * row of a workspace that the caller is no member of, are all null.
 */
export interface EntityLoaders extends LedgerLoaders {
  readonly workspace: Loader<Workspace>;
  /** Members of the caller's workspaces, and who created batches there. */
  readonly user: Loader<User>;
  readonly membershipsOfUser: DataLoader<string, Membership[]>;
  readonly contact: Loader<ThirdParty>;
  readonly site: Loader<CustomerSite>;
  readonly device: Loader<CustomerDevice>;
  readonly stagedBatch: Loader<StagedBatch>;
  readonly auditSchedule: Loader<AuditSchedule>;
  readonly importMapping: Loader<ImportMapping>;
  /** The ids of those that were merged into an entity; to be asked for entities that were loaded. */
  readonly mergedIds: { readonly [T in EntityType]: DataLoader<string, string[]> };
  readonly findingCounts: DataLoader<string, FindingCount[]>;
  readonly recordCounts: DataLoader<string, RecordCount[]>;
  readonly matchCounts: DataLoader<string, MatchCount[]>;
  /** What a waived finding is owed to. */
  readonly waivers: DataLoader<DecisionKey, Waiver | null, string>;
  /** What was decided on findings and records, the first decision first. */
  readonly decisions: DataLoader<DecisionKey, MadeDecision[], string>;
  readonly batchProgress: DataLoader<string, BatchProgress | null>;
  readonly batchMatching: DataLoader<string, BatchMatching[]>;
  readonly certificate: DataLoader<string, Certificate | null>;
  /** What imported rows refer to, where it is in production; null for those that refer to nothing. */
  readonly foundReferences: DataLoader<StagedRecord, FoundReference | null, string>;
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
    ...createLedgerLoaders(pool),
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
    auditSchedule: loaderOf((ids, within) =>
      prisma.auditSchedule.findMany({ where: { id: { in: ids }, ...within } }),
    ),
    importMapping: loaderOf((ids, within) =>
      prisma.importMapping.findMany({ where: { id: { in: ids }, ...within } }),
    ),
    mergedIds: {
      contact: mergedIdsLoader(pool, 'contact'),
      site: mergedIdsLoader(pool, 'site'),
      device: mergedIdsLoader(pool, 'device'),
    },
    findingCounts: new DataLoader(async (batchIds) => {
      const byBatch = Map.groupBy(await countFindings(pool, batchIds), (row) => row.batchId);
      return batchIds.map((id) => byBatch.get(id) ?? []);
    }),
    waivers: new DataLoader(
      async (keys) => {
        const waivers = await listWaivers(pool, keys);
        const byKey = new Map(waivers.map((waiver) => [decisionKey(waiver), waiver]));
        return keys.map((key) => byKey.get(decisionKey(key)) ?? null);
      },
      { cacheKeyFn: decisionKey },
    ),
    decisions: new DataLoader(
      async (keys) => {
        const byKey = Map.groupBy(await listDecisions(pool, keys), decisionKey);
        return keys.map((key) => byKey.get(decisionKey(key)) ?? []);
      },
      { cacheKeyFn: decisionKey },
    ),
    recordCounts: new DataLoader(async (batchIds) => {
      const byBatch = Map.groupBy(await countRecords(pool, batchIds), (row) => row.batchId);
      return batchIds.map((id) => byBatch.get(id) ?? []);
    }),
    matchCounts: new DataLoader(async (batchIds) => {
      const byBatch = Map.groupBy(await countMatches(pool, batchIds), (row) => row.batchId);
      return batchIds.map((id) => byBatch.get(id) ?? []);
    }),
    batchMatching: new DataLoader(async (batchIds) => {
      const byBatch = Map.groupBy(await readBatchMatching(pool, batchIds), (row) => row.batchId);
      return batchIds.map((id) => byBatch.get(id) ?? []);
    }),
    foundReferences: new DataLoader(async (records) => findReferences(pool, records), {
      cacheKeyFn: ({ batchId, rowIndex }) => `${batchId} ${rowIndex}`,
    }),
    certificate: new DataLoader(async (batchIds) => {
      const rows = await readCertificates(pool, batchIds);
      const byBatch = new Map(rows.map((row) => [row.batchId, row]));
      return batchIds.map((id) => byBatch.get(id) ?? null);
    }),
    batchProgress: new DataLoader(async (batchIds) => {
      const rows = await readProgress(pool, batchIds);
      const byBatch = new Map(rows.map((row) => [row.id, row]));
      return batchIds.map((id) => byBatch.get(id) ?? null);
    }),
  };
}

function decisionKey({ batchId, rowIndex, ordinal }: DecisionKey): string {
  return `${batchId}:${rowIndex}:${ordinal}`;
}

function mergedIdsLoader(pool: Pool, entityType: EntityType): DataLoader<string, string[]> {
  return new DataLoader(async (ids) => {
    const bySurvivor = await findMergedIds(pool, entityType, ids);
    return ids.map((id) => [...(bySurvivor.get(id) ?? [])]);
  });
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
