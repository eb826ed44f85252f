import type { ImportMapping as ImportMappingRow } from '../../generated/prisma/client.ts';
import { savedReadingSchema } from '../../services/imports/importOptions.ts';
import { deleteSavedMapping } from '../../services/imports/savedMappings.ts';
import { builder } from '../builder.ts';
import { signedIn } from '../context.ts';
import { loadOrNotFound } from '../entityLoaders.ts';
import { User } from '../user.ts';
import { Workspace } from '../workspace.ts';
import { DateOrderEnum, ImportColumnType } from './importOptions.ts';

const readingOf = ({ mapping }: ImportMappingRow) => savedReadingSchema.parse(mapping);

const ImportMapping = builder.prismaObject('ImportMapping', {
  description:
    'How the files of a source are read, saved under a name by an import. What is null in it is decided anew for each file.',
  authScopes: (mapping) => ({ canRead: mapping.workspaceId }),
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The id of the mapping.' }),
    profile: t.exposeString('profile', { description: 'The profile of its imports.' }),
    name: t.exposeString('name', { description: 'What people call the source.' }),
    columns: t.field({
      type: [ImportColumnType],
      description: 'The columns; those of one field in the order in which they are joined.',
      resolve: (mapping) => readingOf(mapping).columns,
    }),
    constants: t.field({
      type: 'JSON',
      description: 'Values that every row gets, by field.',
      resolve: (mapping) => readingOf(mapping).constants,
    }),
    dateOrder: t.field({
      type: DateOrderEnum,
      nullable: true,
      description: 'How dates of three numbers are read.',
      resolve: (mapping) => readingOf(mapping).dateOrder,
    }),
    decimalSeparator: t.string({
      nullable: true,
      description: 'What decimal numbers have: a point or a comma.',
      resolve: (mapping) => readingOf(mapping).decimalSeparator,
    }),
    blankErases: t.boolean({
      description: 'Whether blank cells erase what a matched entity has.',
      resolve: (mapping) => readingOf(mapping).blankErases,
    }),
    savedAt: t.expose('savedAt', { type: 'DateTime', description: 'When it was saved last.' }),
    savedBy: t.field({
      type: User,
      nullable: true,
      description: 'Who saved it last; null for somebody who has left.',
      resolve: ({ savedById }, _args, { loaders }) => loaders.user.load(savedById),
    }),
  }),
});

builder.objectField(Workspace, 'importMappings', (t) =>
  t.field({
    type: [ImportMapping],
    description: 'The saved mappings of the workspace, by profile and name.',
    args: { profile: t.arg.string({ description: 'Only those of this profile.' }) },
    resolve: ({ id }, { profile }, { runtime }) =>
      runtime.prisma.importMapping.findMany({
        where: { workspaceId: id, ...(profile == null ? {} : { profile }) },
        orderBy: [{ profile: 'asc' }, { name: 'asc' }],
      }),
  }),
);

const DeleteImportMappingInput = builder.inputType('DeleteImportMappingInput', {
  description: 'Which saved mapping to delete.',
  fields: (t) => ({
    mappingId: t.id({ required: true, description: 'The id of the mapping.' }),
  }),
});

builder.mutationFields((t) => ({
  deleteImportMapping: t.field({
    type: Workspace,
    description:
      'Deletes a saved mapping. Batches that were read by it stay as they are. Returns the workspace that it was of.',
    args: {
      input: t.arg({
        type: DeleteImportMappingInput,
        required: true,
        description: 'Which mapping to delete.',
      }),
    },
    authScopes: { authenticated: true },
    resolve: async (_parent, { input }, context) => {
      signedIn(context);
      const { loaders, runtime } = context;
      const mapping = await loadOrNotFound(loaders.importMapping, input.mappingId, 'mapping');
      await context.demand('canCreate', mapping.workspaceId);
      await deleteSavedMapping(runtime.pool, mapping.id);
      loaders.importMapping.clearAll();
      return loadOrNotFound(loaders.workspace, mapping.workspaceId, 'workspace');
    },
  }),
}));
