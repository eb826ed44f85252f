import { validate as isUuid } from 'uuid';
import { type KeysetPage, keysetById } from '../../../platform/keyset.ts';
import type {
  CustomerDevice,
  CustomerSite,
  PrismaClient,
  StagedBatch,
  ThirdParty,
} from '../generated/prisma/client.ts';
import type {
  BatchStatus,
  ContactKind,
  DeviceStatus,
  EntityState,
} from '../generated/prisma/enums.ts';
import type { StagedBatchSourceType } from '../profiles/profile.ts';

interface EntityFilter {
  /** Default: ACTIVE. */
  readonly state?: EntityState | null;
  readonly externalId?: string | null;
}

export interface ContactFilter extends EntityFilter {
  readonly kind?: ContactKind | null;
  readonly email?: string | null;
}

export interface SiteFilter extends EntityFilter {
  readonly ownerId?: string | null;
}

export interface DeviceFilter extends EntityFilter {
  readonly siteId?: string | null;
  readonly serialNumber?: string | null;
  readonly status?: DeviceStatus | null;
}

export interface BatchFilter {
  readonly status?: BatchStatus | null;
  readonly sourceType?: StagedBatchSourceType | null;
}

function equal<T>(value: T | null | undefined): { equals: T } | Record<string, never> {
  return value == null ? {} : { equals: value };
}

/** A malformed id is that of nothing, like any other that is not there. */
function equalId(id: string | null | undefined): { equals?: string; in?: string[] } {
  return id == null || isUuid(id) ? equal(id) : { in: [] };
}

export function listContacts(
  prisma: PrismaClient,
  workspaceId: string,
  { state, externalId, kind, email }: ContactFilter,
  page: KeysetPage<string>,
): Promise<ThirdParty[]> {
  const { bounds, order } = keysetById(page);
  return prisma.thirdParty.findMany({
    where: {
      workspaceId,
      state: state ?? 'ACTIVE',
      externalId: equal(externalId),
      kind: equal(kind),
      email: equal(email),
      AND: bounds,
    },
    ...order,
  });
}

export function listSites(
  prisma: PrismaClient,
  workspaceId: string,
  { state, externalId, ownerId }: SiteFilter,
  page: KeysetPage<string>,
): Promise<CustomerSite[]> {
  const { bounds, order } = keysetById(page);
  return prisma.customerSite.findMany({
    where: {
      workspaceId,
      state: state ?? 'ACTIVE',
      externalId: equal(externalId),
      ownerId: equalId(ownerId),
      AND: bounds,
    },
    ...order,
  });
}

export function listDevices(
  prisma: PrismaClient,
  workspaceId: string,
  { state, externalId, siteId, serialNumber, status }: DeviceFilter,
  page: KeysetPage<string>,
): Promise<CustomerDevice[]> {
  const { bounds, order } = keysetById(page);
  return prisma.customerDevice.findMany({
    where: {
      workspaceId,
      state: state ?? 'ACTIVE',
      externalId: equal(externalId),
      siteId: equalId(siteId),
      serialNumber: equal(serialNumber),
      status: equal(status),
      AND: bounds,
    },
    ...order,
  });
}

/** Newest first: pages run backwards in time. */
export function listStagedBatches(
  prisma: PrismaClient,
  workspaceId: string,
  { status, sourceType }: BatchFilter,
  { after, before, limit, backwards }: KeysetPage<string>,
): Promise<StagedBatch[]> {
  const { bounds, order } = keysetById({
    after: before,
    before: after,
    limit,
    backwards: !backwards,
  });
  return prisma.stagedBatch.findMany({
    where: { workspaceId, status: equal(status), sourceType: equal(sourceType), AND: bounds },
    ...order,
  });
}
