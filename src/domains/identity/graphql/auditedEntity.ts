import type { CustomerDevice, CustomerSite, ThirdParty } from '../generated/prisma/client.ts';
import { builder } from './builder.ts';
import { EntityStateEnum } from './enums.ts';

type AnyEntity = ThirdParty | CustomerSite | CustomerDevice;

/** What contacts, sites and devices have in common. */
export const AuditedEntity = builder.interfaceRef<AnyEntity>('AuditedEntity').implement({
  description: 'What contacts, sites and devices have in common.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The id of the entity.' }),
    externalId: t.exposeString('externalId', {
      nullable: true,
      description: 'The id that the entity has in the system it came from.',
    }),
    state: t.expose('state', { type: EntityStateEnum, description: 'Whether it is in use.' }),
    version: t.exposeInt('version', { description: 'Raised by one with every change.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was created.' }),
    updatedAt: t.expose('updatedAt', {
      type: 'DateTime',
      description: 'When it was changed last.',
    }),
  }),
  resolveType: (entity) => {
    if ('givenName' in entity) return 'Contact';
    return 'serialNumber' in entity ? 'Device' : 'Site';
  },
});
