import type { DefaultConnectionArguments } from '@pothos/plugin-relay';
import { resolveConnectionById } from '../../../platform/graphql/keysetConnection.ts';
import { type DeviceFilter, listDevices } from '../services/entityLists.ts';
import { AuditedEntity } from './auditedEntity.ts';
import { builder } from './builder.ts';
import type { IdentityContext } from './context.ts';
import { loadOrNotFound, loadReference } from './entityLoaders.ts';
import { DeviceStatusEnum, EntityStateEnum } from './enums.ts';
import { Site } from './site.ts';
import { Workspace } from './workspace.ts';

export const Device = builder.prismaObject('CustomerDevice', {
  name: 'Device',
  description: 'A device at a site.',
  interfaces: [AuditedEntity],
  authScopes: (device) => ({ canRead: device.workspaceId }),
  fields: (t) => ({
    serialNumber: t.exposeString('serialNumber', {
      nullable: true,
      description: 'The serial number that the manufacturer gave it.',
    }),
    manufacturer: t.exposeString('manufacturer', { nullable: true, description: 'Who made it.' }),
    model: t.exposeString('model', { nullable: true, description: 'The model.' }),
    category: t.exposeString('category', {
      nullable: true,
      description: 'The kind of device, such as sensor or router.',
    }),
    macAddress: t.exposeString('macAddress', {
      nullable: true,
      description: 'The MAC address; upper-case pairs with colons where it is in good form.',
    }),
    firmware: t.exposeString('firmware', {
      nullable: true,
      description: 'The version of its firmware.',
    }),
    installedOn: t.expose('installedOn', {
      type: 'Date',
      nullable: true,
      description: 'The day it was installed.',
    }),
    warrantyEndsOn: t.expose('warrantyEndsOn', {
      type: 'Date',
      nullable: true,
      description: 'The last day of its warranty.',
    }),
    status: t.expose('status', {
      type: DeviceStatusEnum,
      description: 'Where it is in its life.',
    }),
    siteId: t.exposeID('siteId', {
      nullable: true,
      description: 'The id of the site where it is.',
    }),
    site: t.field({
      type: Site,
      nullable: true,
      description: 'The site where it is.',
      resolve: ({ siteId }, _args, { loaders }) =>
        siteId === null ? null : loaders.site.load(siteId),
    }),
    workspace: t.field({
      type: Workspace,
      description: 'The workspace that the device belongs to.',
      resolve: ({ workspaceId }, _args, { loaders }) =>
        loadOrNotFound(loaders.workspace, workspaceId, 'workspace'),
    }),
  }),
});

builder.asEntity(Device, {
  key: builder.selection<{ id: string }>('id'),
  resolveReference: ({ id }, { loaders }) => loadReference(loaders.device, id),
});

const DeviceFilterInput = builder.inputType('DeviceFilter', {
  description: 'Which devices to list; all conditions must hold.',
  fields: (t) => ({
    state: t.field({ type: EntityStateEnum, description: 'Their state; ACTIVE by default.' }),
    externalId: t.string({ description: 'Their external id.' }),
    siteId: t.id({ description: 'The id of the site where they are.' }),
    serialNumber: t.string({ description: 'Their serial number, exactly as it is.' }),
    status: t.field({ type: DeviceStatusEnum, description: 'Where they are in their life.' }),
  }),
});

const DeviceConnection = builder.connectionObject({
  type: Device,
  name: 'DeviceConnection',
  description: 'A page of devices.',
});

const filterArg = {
  type: DeviceFilterInput,
  description: 'Which devices to list; all active ones by default.',
} as const;

const resolveDevices = (
  workspaceId: string,
  { filter, ...args }: DefaultConnectionArguments & { filter?: DeviceFilter | null },
  { runtime }: IdentityContext,
) =>
  resolveConnectionById(args, (page) =>
    listDevices(runtime.prisma, workspaceId, filter ?? {}, page),
  );

builder.objectField(Workspace, 'devices', (t) =>
  t.connection(
    {
      type: Device,
      description: 'The devices of the workspace, oldest first.',
      args: { filter: t.arg(filterArg) },
      resolve: ({ id }, args, context) => resolveDevices(id, args, context),
    },
    DeviceConnection,
  ),
);

builder.queryFields((t) => ({
  device: t.field({
    type: Device,
    nullable: true,
    description: 'The device with this id.',
    args: { id: t.arg.id({ required: true, description: 'The id of the device.' }) },
    authScopes: { authenticated: true },
    resolve: (_parent, { id }, { loaders }) => loadOrNotFound(loaders.device, id, 'device'),
  }),
  devices: t.connection(
    {
      type: Device,
      nullable: true,
      description: 'The devices of a workspace, oldest first.',
      args: {
        workspaceId: t.arg.id({ required: true, description: 'The id of the workspace.' }),
        filter: t.arg(filterArg),
      },
      authScopes: (_parent, { workspaceId }) => ({ canRead: workspaceId }),
      resolve: (_parent, { workspaceId, ...args }, context) =>
        resolveDevices(workspaceId, args, context),
    },
    DeviceConnection,
  ),
}));
