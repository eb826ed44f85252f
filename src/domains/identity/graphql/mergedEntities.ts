import { builder } from './builder.ts';
import { Contact } from './contact.ts';
import { Device } from './device.ts';
import { Site } from './site.ts';

const intoDescription =
  'The entity that it was merged into, if it was; that one may be merged too.';
const idsDescription =
  'The ids of those that were merged into it, also by way of others; what refers to them means this one.';

builder.prismaObjectFields(Contact, (t) => ({
  mergedInto: t.field({
    type: Contact,
    nullable: true,
    description: intoDescription,
    resolve: ({ mergedIntoId }, _args, { loaders }) =>
      mergedIntoId === null ? null : loaders.contact.load(mergedIntoId),
  }),
  mergedIds: t.idList({
    description: idsDescription,
    resolve: ({ id }, _args, { loaders }) => loaders.mergedIds.contact.load(id),
  }),
}));

builder.prismaObjectFields(Site, (t) => ({
  mergedInto: t.field({
    type: Site,
    nullable: true,
    description: intoDescription,
    resolve: ({ mergedIntoId }, _args, { loaders }) =>
      mergedIntoId === null ? null : loaders.site.load(mergedIntoId),
  }),
  mergedIds: t.idList({
    description: idsDescription,
    resolve: ({ id }, _args, { loaders }) => loaders.mergedIds.site.load(id),
  }),
}));

builder.prismaObjectFields(Device, (t) => ({
  mergedInto: t.field({
    type: Device,
    nullable: true,
    description: intoDescription,
    resolve: ({ mergedIntoId }, _args, { loaders }) =>
      mergedIntoId === null ? null : loaders.device.load(mergedIntoId),
  }),
  mergedIds: t.idList({
    description: idsDescription,
    resolve: ({ id }, _args, { loaders }) => loaders.mergedIds.device.load(id),
  }),
}));
