import type { DefaultConnectionArguments } from '@pothos/plugin-relay';
import { resolveConnectionById } from '../../../platform/graphql/keysetConnection.ts';
import { listSites, type SiteFilter } from '../services/entityLists.ts';
import { Addressed } from './addressed.ts';
import { AuditedEntity } from './auditedEntity.ts';
import { builder } from './builder.ts';
import { Contact } from './contact.ts';
import type { IdentityContext } from './context.ts';
import { loadOrNotFound, loadReference } from './entityLoaders.ts';
import { EntityStateEnum } from './enums.ts';
import { Workspace } from './workspace.ts';

export const Site = builder.prismaObject('CustomerSite', {
  name: 'Site',
  description: 'A place where the company has, or looks after, devices.',
  interfaces: [AuditedEntity, Addressed],
  authScopes: (site) => ({ canRead: site.workspaceId }),
  fields: (t) => ({
    name: t.exposeString('name', { nullable: true, description: 'What the site is called.' }),
    phone: t.exposeString('phone', {
      nullable: true,
      description: 'The phone number; E.164 where it is in good form.',
    }),
    email: t.exposeString('email', { nullable: true, description: 'The email address.' }),
    latitude: t.exposeFloat('latitude', {
      nullable: true,
      description: 'Degrees north of the equator (WGS 84).',
    }),
    longitude: t.exposeFloat('longitude', {
      nullable: true,
      description: 'Degrees east of Greenwich (WGS 84).',
    }),
    timeZone: t.exposeString('timeZone', {
      nullable: true,
      description: 'The IANA name of the time zone, such as America/Chicago.',
    }),
    ownerId: t.exposeID('ownerId', {
      nullable: true,
      description: 'The id of the contact that owns the site.',
    }),
    owner: t.field({
      type: Contact,
      nullable: true,
      description: 'The contact that owns the site.',
      resolve: ({ ownerId }, _args, { loaders }) =>
        ownerId === null ? null : loaders.contact.load(ownerId),
    }),
    workspace: t.field({
      type: Workspace,
      description: 'The workspace that the site belongs to.',
      resolve: ({ workspaceId }, _args, { loaders }) =>
        loadOrNotFound(loaders.workspace, workspaceId, 'workspace'),
    }),
  }),
});

builder.asEntity(Site, {
  key: builder.selection<{ id: string }>('id'),
  resolveReference: ({ id }, { loaders }) => loadReference(loaders.site, id),
});

const SiteFilterInput = builder.inputType('SiteFilter', {
  description: 'Which sites to list; all conditions must hold.',
  fields: (t) => ({
    state: t.field({ type: EntityStateEnum, description: 'Their state; ACTIVE by default.' }),
    externalId: t.string({ description: 'Their external id.' }),
    ownerId: t.id({ description: 'The id of the contact that owns them.' }),
  }),
});

const SiteConnection = builder.connectionObject({
  type: Site,
  name: 'SiteConnection',
  description: 'A page of sites.',
});

const filterArg = {
  type: SiteFilterInput,
  description: 'Which sites to list; all active ones by default.',
} as const;

const resolveSites = (
  workspaceId: string,
  { filter, ...args }: DefaultConnectionArguments & { filter?: SiteFilter | null },
  { runtime }: IdentityContext,
) =>
  resolveConnectionById(args, (page) => listSites(runtime.prisma, workspaceId, filter ?? {}, page));

builder.objectField(Workspace, 'sites', (t) =>
  t.connection(
    {
      type: Site,
      description: 'The sites of the workspace, oldest first.',
      args: { filter: t.arg(filterArg) },
      resolve: ({ id }, args, context) => resolveSites(id, args, context),
    },
    SiteConnection,
  ),
);

builder.queryFields((t) => ({
  site: t.field({
    type: Site,
    nullable: true,
    description: 'The site with this id.',
    args: { id: t.arg.id({ required: true, description: 'The id of the site.' }) },
    authScopes: { authenticated: true },
    resolve: (_parent, { id }, { loaders }) => loadOrNotFound(loaders.site, id, 'site'),
  }),
  sites: t.connection(
    {
      type: Site,
      nullable: true,
      description: 'The sites of a workspace, oldest first.',
      args: {
        workspaceId: t.arg.id({ required: true, description: 'The id of the workspace.' }),
        filter: t.arg(filterArg),
      },
      authScopes: (_parent, { workspaceId }) => ({ canRead: workspaceId }),
      resolve: (_parent, { workspaceId, ...args }, context) =>
        resolveSites(workspaceId, args, context),
    },
    SiteConnection,
  ),
}));
