import { findMemberToBe, removeMember, setMember } from '../services/workspaceService.ts';
import { builder } from './builder.ts';
import { signedIn } from './context.ts';
import { loadOrNotFound } from './entityLoaders.ts';
import { RoleEnum } from './enums.ts';
import { User } from './user.ts';
import { Workspace } from './workspace.ts';

const Membership = builder.prismaObject('Membership', {
  description: 'A user in a workspace.',
  authScopes: (membership) => ({ canRead: membership.workspaceId }),
  fields: (t) => ({
    role: t.expose('role', { type: RoleEnum, description: 'What the user may do there.' }),
    workspace: t.field({
      type: Workspace,
      description: 'The workspace.',
      resolve: ({ workspaceId }, _args, { loaders }) =>
        loadOrNotFound(loaders.workspace, workspaceId, 'workspace'),
    }),
    user: t.field({
      type: User,
      description: 'The user.',
      resolve: ({ userId }, _args, { loaders }) => loadOrNotFound(loaders.user, userId, 'user'),
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      description: 'Since when the user has been a member.',
    }),
  }),
});

builder.objectField(User, 'memberships', (t) =>
  t.field({
    type: [Membership],
    description: 'The workspaces of the user that you are a member of too.',
    resolve: ({ id }, _args, { loaders }) => loaders.membershipsOfUser.load(id),
  }),
);

builder.objectField(Workspace, 'members', (t) =>
  t.field({
    type: [Membership],
    description: 'Who is a member of the workspace, and in which role.',
    resolve: ({ id }, _args, { runtime }) =>
      runtime.prisma.membership.findMany({
        where: { workspaceId: id },
        orderBy: { createdAt: 'asc' },
      }),
  }),
);

const SetMemberInput = builder.inputType('SetMemberInput', {
  description: 'A user and the role to give them. Name the user by id or by email, not both.',
  fields: (t) => ({
    workspaceId: t.id({ required: true, description: 'The id of the workspace.' }),
    userId: t.id({ description: 'The id of a user of your own identity provider.' }),
    email: t.string({
      description:
        'The verified email address of a user of your own identity provider who has signed in before.',
    }),
    role: t.field({ type: RoleEnum, required: true, description: 'The role to give them.' }),
  }),
});

const RemoveMemberInput = builder.inputType('RemoveMemberInput', {
  description: 'A member to remove.',
  fields: (t) => ({
    workspaceId: t.id({ required: true, description: 'The id of the workspace.' }),
    userId: t.id({ required: true, description: 'The id of the user.' }),
  }),
});

builder.mutationFields((t) => ({
  setMember: t.field({
    type: Membership,
    description: 'Makes a user a member of a workspace, or changes the role of one who is.',
    args: { input: t.arg({ type: SetMemberInput, required: true, description: 'Who and what.' }) },
    authScopes: (_parent, { input }) => ({ canManage: input.workspaceId }),
    resolve: async (_parent, { input }, context) => {
      const { workspaceId, role } = input;
      const { pool, prisma } = context.runtime;
      const userId = await findMemberToBe(pool, {
        userId: input.userId ?? null,
        email: input.email ?? null,
        askedBy: signedIn(context),
      });
      await setMember(pool, { workspaceId, userId, role });
      context.forgetRoles();
      return prisma.membership.findUniqueOrThrow({
        where: { workspaceId_userId: { workspaceId, userId } },
      });
    },
  }),
  removeMember: t.field({
    type: Workspace,
    description: 'Takes a membership away. The last ADMIN of a workspace stays.',
    nullable: true,
    args: { input: t.arg({ type: RemoveMemberInput, required: true, description: 'Whom.' }) },
    authScopes: (_parent, { input }) => ({ canManage: input.workspaceId }),
    resolve: async (_parent, { input }, context) => {
      await removeMember(context.runtime.pool, input);
      context.forgetRoles();
      return context.loaders.workspace.load(input.workspaceId);
    },
  }),
}));
