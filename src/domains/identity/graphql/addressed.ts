import type { CustomerSite, ThirdParty } from '../generated/prisma/client.ts';
import { builder } from './builder.ts';

/** What contacts and sites have in common: a postal address. */
export const Addressed = builder.interfaceRef<ThirdParty | CustomerSite>('Addressed').implement({
  description: 'Something with a postal address.',
  fields: (t) => ({
    streetNumber: t.exposeString('streetNumber', {
      nullable: true,
      description: 'The number in the street, where it is kept apart from the street.',
    }),
    addressLine1: t.exposeString('addressLine1', {
      nullable: true,
      description: 'The street, and the number unless it is kept apart.',
    }),
    addressLine2: t.exposeString('addressLine2', {
      nullable: true,
      description: 'Building, floor, unit and the like.',
    }),
    locality: t.exposeString('locality', { nullable: true, description: 'The town or city.' }),
    region: t.exposeString('region', { nullable: true, description: 'The state or province.' }),
    postalCode: t.exposeString('postalCode', { nullable: true, description: 'The postal code.' }),
    country: t.exposeString('country', {
      nullable: true,
      description: 'The country; ISO 3166-1 alpha-2 where it is right.',
    }),
  }),
});
