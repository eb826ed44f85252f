import { notFound } from '../../../platform/errors.ts';
import { resolveConnectionById } from '../../../platform/graphql/keysetConnection.ts';
import type { Program as ProgramRow } from '../generated/prisma/client.ts';
import { createProgram, listPrograms } from '../services/programService.ts';
import { builder } from './builder.ts';
import type { Context } from './context.ts';
import { loadReference } from './loadReference.ts';

export const Program = builder.objectRef<ProgramRow>('Program').implement({
  description: 'Something devices can be enrolled in, such as a maintenance plan.',
  authScopes: (program) => ({ canRead: program.workspaceId }),
  fields: (t) => ({
    id: t.exposeID('id', { description: 'UUID v7.' }),
    workspaceId: t.exposeID('workspaceId', {
      description: 'The workspace the program belongs to.',
    }),
    code: t.exposeString('code', { description: 'Short name, unique in the workspace.' }),
    name: t.exposeString('name', { description: 'Name for people.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was created.' }),
  }),
});

builder.asEntity(Program, {
  key: builder.selection<{ id: string }>('id'),
  resolveReference: ({ id }, context) => loadReference(context.programs, id),
});

/** @throws `NOT_FOUND` where there is none that the caller may see */
export async function getProgram({ programs }: Context, id: string): Promise<ProgramRow> {
  const program = await programs.load(id);
  if (program === null) throw notFound('program');
  return program;
}

builder.queryField('program', (t) =>
  t.field({
    type: Program,
    description: 'A program by its id.',
    nullable: true,
    args: { id: t.arg.id({ required: true, description: 'Id of the program.' }) },
    authScopes: { authenticated: true },
    resolve: (_root, { id }, context) => getProgram(context, id),
  }),
);

builder.queryField('programs', (t) =>
  t.connection(
    {
      type: Program,
      description: 'The programs of a workspace, oldest first.',
      nullable: true,
      args: { workspaceId: t.arg.id({ required: true, description: 'Id of the workspace.' }) },
      authScopes: (_root, { workspaceId }) => ({ canRead: workspaceId }),
      resolve: (_root, { workspaceId, ...args }, context) =>
        resolveConnectionById(args, (page) => listPrograms(context, workspaceId, page)),
    },
    { name: 'ProgramConnection', description: 'A page of a list of programs.' },
    { name: 'ProgramEdge', description: 'A program in a page of a list.' },
  ),
);

const CreateProgramInput = builder.inputType('CreateProgramInput', {
  description: 'A program to create.',
  fields: (t) => ({
    workspaceId: t.id({ required: true, description: 'The workspace it will belong to.' }),
    code: t.string({
      required: true,
      description:
        'Short name, unique in the workspace: letters and digits, with single `.`, `_` or `-` between them.',
    }),
    name: t.string({ required: true, description: 'Name for people.' }),
  }),
});

builder.mutationField('createProgram', (t) =>
  t.field({
    type: Program,
    description: 'Creates a program. Takes the role EDITOR in the workspace.',
    args: {
      input: t.arg({ type: CreateProgramInput, required: true, description: 'What to create.' }),
    },
    authScopes: (_root, { input }) => ({ canCreate: input.workspaceId }),
    resolve: (_root, { input }, context) => createProgram(context, input),
  }),
);
