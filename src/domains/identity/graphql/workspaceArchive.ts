import { archiveWorkspace, restoreWorkspace } from '../services/workspaceArchive.ts';
import { builder } from './builder.ts';
import type { IdentityContext } from './context.ts';
import { loadOrNotFound } from './entityLoaders.ts';
import { Workspace } from './workspace.ts';

const ArchiveWorkspaceInput = builder.inputType('ArchiveWorkspaceInput', {
  description: 'Which workspace to archive.',
  fields: (t) => ({
    workspaceId: t.id({ required: true, description: 'The id of the workspace.' }),
  }),
});

const RestoreWorkspaceInput = builder.inputType('RestoreWorkspaceInput', {
  description: 'Which workspace to take back into use.',
  fields: (t) => ({
    workspaceId: t.id({ required: true, description: 'The id of the workspace.' }),
  }),
});

builder.mutationFields((t) => ({
  archiveWorkspace: t.field({
    type: Workspace,
    description:
      'Archives a workspace: it can be read, but nothing is audited, imported, decided or promoted in it until it is restored. Its schedules are deleted. Batches that are under way have to end or be cancelled first.',
    args: {
      input: t.arg({
        type: ArchiveWorkspaceInput,
        required: true,
        description: 'Which workspace to archive.',
      }),
    },
    authScopes: (_parent, { input }) => ({ canManage: input.workspaceId }),
    resolve: async (_parent, { input }, context) => {
      await archiveWorkspace(context.runtime.pool, input.workspaceId);
      return asItIsNow(context, input.workspaceId);
    },
  }),
  restoreWorkspace: t.field({
    type: Workspace,
    description:
      'Takes an archived workspace back into use. Schedules that it had have to be created anew.',
    args: {
      input: t.arg({
        type: RestoreWorkspaceInput,
        required: true,
        description: 'Which workspace to take back into use.',
      }),
    },
    authScopes: (_parent, { input }) => ({ canManage: input.workspaceId }),
    resolve: async (_parent, { input }, context) => {
      await restoreWorkspace(context.runtime.pool, input.workspaceId);
      return asItIsNow(context, input.workspaceId);
    },
  }),
}));

function asItIsNow({ loaders, forgetRoles }: IdentityContext, workspaceId: string) {
  // They know whether the workspace is archived.
  forgetRoles();
  return loadOrNotFound(loaders.workspace.clear(workspaceId), workspaceId, 'workspace');
}
