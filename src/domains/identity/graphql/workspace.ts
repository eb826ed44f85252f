import { notFound } from '../../../platform/errors.ts';
import { updateWorkspace } from '../services/configuration/updateWorkspace.ts';
import { createWorkspace } from '../services/workspaceService.ts';
import { builder } from './builder.ts';
import { signedIn } from './context.ts';
import { loadOrNotFound, loadReference } from './entityLoaders.ts';

export const Workspace = builder.prismaObject('Workspace', {
  description: 'A tenant: every contact, site and device belongs to exactly one workspace.',
  authScopes: (workspace) => ({ canRead: workspace.id }),
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The id of the workspace.' }),
    slug: t.exposeString('slug', {
      description: 'A short name, unique among all workspaces, for addresses and commands.',
    }),
    name: t.exposeString('name', { description: 'The name that people read.' }),
    defaultCountry: t.exposeString('defaultCountry', {
      nullable: true,
      description:
        'The country (ISO 3166-1 alpha-2) by which phones and postal codes are read where an entity has no country of its own.',
    }),
    fourEyes: t.exposeBoolean('fourEyes', {
      description:
        'Whether nobody promotes what they decided on themselves: it is left for somebody else to promote.',
    }),
    retentionDays: t.exposeInt('retentionDays', {
      nullable: true,
      description:
        'How many days after they came to an end batches are thinned: their records, findings and decisions are deleted. None for never.',
    }),
    archivedAt: t.expose('archivedAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'Since when the workspace has been archived: it can be read, and nothing is done in it but what its retention and erasures delete. Null for one in use.',
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      description: 'When the workspace was created.',
    }),
  }),
});

builder.asEntity(Workspace, {
  key: builder.selection<{ id: string }>('id'),
  resolveReference: ({ id }, { loaders }) => loadReference(loaders.workspace, id),
});

builder.queryFields((t) => ({
  workspace: t.field({
    type: Workspace,
    nullable: true,
    description: 'The workspace with this id.',
    args: { id: t.arg.id({ required: true, description: 'The id of the workspace.' }) },
    authScopes: (_parent, { id }) => ({ canRead: id }),
    resolve: (_parent, { id }, { loaders }) => loadOrNotFound(loaders.workspace, id, 'workspace'),
  }),
  workspaceBySlug: t.field({
    type: Workspace,
    nullable: true,
    description: 'The workspace with this slug.',
    args: { slug: t.arg.string({ required: true, description: 'The slug of the workspace.' }) },
    authScopes: { authenticated: true },
    resolve: async (_parent, { slug }, { runtime, roles }) => {
      const workspace = await runtime.prisma.workspace.findUnique({ where: { slug } });
      if (workspace === null || !(await roles()).has(workspace.id)) throw notFound('workspace');
      return workspace;
    },
  }),
  workspaces: t.field({
    type: [Workspace],
    nullable: true,
    description: 'The workspaces that you are a member of, by slug.',
    args: {
      includeArchived: t.arg.boolean({
        defaultValue: false,
        description: 'Whether to list archived ones too.',
      }),
    },
    authScopes: { authenticated: true },
    resolve: async (_parent, { includeArchived }, { runtime, roles }) =>
      runtime.prisma.workspace.findMany({
        where: {
          id: { in: [...(await roles()).keys()] },
          ...(includeArchived ? {} : { archivedAt: null }),
        },
        orderBy: { slug: 'asc' },
      }),
  }),
}));

const CreateWorkspaceInput = builder.inputType('CreateWorkspaceInput', {
  description: 'A workspace to be.',
  fields: (t) => ({
    slug: t.string({
      required: true,
      description: 'Unique: 1 to 63 lower-case letters, digits and inner hyphens.',
    }),
    name: t.string({ description: 'The name that people read; the slug by default.' }),
    defaultCountry: t.string({
      description: 'ISO 3166-1 alpha-2, such as US; none by default.',
    }),
  }),
});

builder.mutationField('createWorkspace', (t) =>
  t.field({
    type: Workspace,
    description: 'Creates a workspace. You become its ADMIN.',
    args: {
      input: t.arg({ type: CreateWorkspaceInput, required: true, description: 'What to create.' }),
    },
    authScopes: { authenticated: true },
    resolve: async (_parent, { input }, context) => {
      const id = await createWorkspace(context.runtime.pool, {
        slug: input.slug,
        name: input.name ?? null,
        defaultCountry: input.defaultCountry ?? null,
        createdBy: signedIn(context),
      });
      context.forgetRoles();
      return context.runtime.prisma.workspace.findUniqueOrThrow({ where: { id } });
    },
  }),
);

const UpdateWorkspaceInput = builder.inputType('UpdateWorkspaceInput', {
  description: 'Settings of a workspace. What is left out stays as it is.',
  fields: (t) => ({
    workspaceId: t.id({ required: true, description: 'The id of the workspace.' }),
    fourEyes: t.boolean({
      description:
        'Whether nobody promotes what they decided on themselves: it is left for somebody else to promote.',
    }),
    retentionDays: t.int({
      description:
        'How many days after they came to an end batches are thinned, from 1 to 3650; null for never.',
    }),
  }),
});

builder.mutationField('updateWorkspace', (t) =>
  t.field({
    type: Workspace,
    description: 'Changes the settings of a workspace, all that are given or none.',
    args: {
      input: t.arg({ type: UpdateWorkspaceInput, required: true, description: 'What to change.' }),
    },
    authScopes: (_parent, { input }) => ({ canManage: input.workspaceId }),
    resolve: async (_parent, { input }, context) => {
      const { runtime, loaders } = context;
      const { workspaceId, retentionDays } = input;
      await updateWorkspace(runtime.pool, {
        ...{ workspaceId, retentionDays, actorId: signedIn(context) },
        fourEyes: input.fourEyes ?? undefined,
      });
      return loadOrNotFound(loaders.workspace.clear(workspaceId), workspaceId, 'workspace');
    },
  }),
);
