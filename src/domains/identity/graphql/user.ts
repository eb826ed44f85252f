import { builder } from './builder.ts';
import { signedIn } from './context.ts';
import { loadReference } from './entityLoaders.ts';

export const User = builder.prismaObject('User', {
  description: 'A person who has signed in.',
  authScopes: { authenticated: true },
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The id of the user.' }),
    email: t.exposeString('email', {
      nullable: true,
      description: 'The email address, as the identity provider has it.',
    }),
    name: t.exposeString('name', {
      nullable: true,
      description: 'The name, as the identity provider has it.',
    }),
  }),
});

builder.asEntity(User, {
  key: builder.selection<{ id: string }>('id'),
  resolveReference: ({ id }, { loaders }) => loadReference(loaders.user, id),
});

builder.queryField('me', (t) =>
  t.prismaField({
    type: User,
    nullable: true,
    description: 'You: the user that the token speaks for.',
    authScopes: { authenticated: true },
    resolve: (query, _parent, _args, context) =>
      context.runtime.prisma.user.findUniqueOrThrow({
        ...query,
        where: { id: signedIn(context) },
      }),
  }),
);
