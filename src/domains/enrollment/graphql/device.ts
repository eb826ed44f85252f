import { builder } from './builder.ts';

/** The identity subgraph owns devices; here they are known by their id alone. */
export const Device = builder.objectRef<{ id: string }>('Device').implement({
  description: 'A device of a workspace.',
  authScopes: { authenticated: true },
  fields: (t) => ({
    id: t.exposeID('id', { description: 'UUID v7.' }),
  }),
});

builder.asEntity(Device, {
  key: builder.selection<{ id: string }>('id'),
  resolveReference: ({ id }) => (typeof id === 'string' ? { id } : null),
});
