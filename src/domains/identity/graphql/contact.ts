import type { DefaultConnectionArguments } from '@pothos/plugin-relay';
import { resolveConnectionById } from '../../../platform/graphql/keysetConnection.ts';
import { type ContactFilter, listContacts } from '../services/entityLists.ts';
import { Addressed } from './addressed.ts';
import { AuditedEntity } from './auditedEntity.ts';
import { builder } from './builder.ts';
import type { IdentityContext } from './context.ts';
import { loadOrNotFound, loadReference } from './entityLoaders.ts';
import { ContactKindEnum, EntityStateEnum } from './enums.ts';
import { Workspace } from './workspace.ts';

export const Contact = builder.prismaObject('ThirdParty', {
  name: 'Contact',
  description: 'A person or an organisation that the company deals with.',
  interfaces: [AuditedEntity, Addressed],
  authScopes: (contact) => ({ canRead: contact.workspaceId }),
  fields: (t) => ({
    kind: t.expose('kind', { type: ContactKindEnum, description: 'What the contact is.' }),
    givenName: t.exposeString('givenName', {
      nullable: true,
      description: 'The given name of a person.',
    }),
    familyName: t.exposeString('familyName', {
      nullable: true,
      description: 'The family name of a person.',
    }),
    organisationName: t.exposeString('organisationName', {
      nullable: true,
      description: 'The name of an organisation, or the one that a person belongs to.',
    }),
    email: t.exposeString('email', { nullable: true, description: 'The email address.' }),
    phone: t.exposeString('phone', {
      nullable: true,
      description: 'The phone number; E.164 where it is in good form.',
    }),
    birthDate: t.expose('birthDate', {
      type: 'Date',
      nullable: true,
      description: 'The birth date of a person.',
    }),
    erasedAt: t.expose('erasedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the person was erased, with all that was known of them; none of others.',
    }),
    workspace: t.field({
      type: Workspace,
      description: 'The workspace that the contact belongs to.',
      resolve: ({ workspaceId }, _args, { loaders }) =>
        loadOrNotFound(loaders.workspace, workspaceId, 'workspace'),
    }),
  }),
});

builder.asEntity(Contact, {
  key: builder.selection<{ id: string }>('id'),
  resolveReference: ({ id }, { loaders }) => loadReference(loaders.contact, id),
});

const ContactFilterInput = builder.inputType('ContactFilter', {
  description: 'Which contacts to list; all conditions must hold.',
  fields: (t) => ({
    state: t.field({ type: EntityStateEnum, description: 'Their state; ACTIVE by default.' }),
    kind: t.field({ type: ContactKindEnum, description: 'What they are.' }),
    externalId: t.string({ description: 'Their external id.' }),
    email: t.string({ description: 'Their email address, exactly as it is.' }),
  }),
});

const ContactConnection = builder.connectionObject({
  type: Contact,
  name: 'ContactConnection',
  description: 'A page of contacts.',
});

const filterArg = {
  type: ContactFilterInput,
  description: 'Which contacts to list; all active ones by default.',
} as const;

const resolveContacts = (
  workspaceId: string,
  { filter, ...args }: DefaultConnectionArguments & { filter?: ContactFilter | null },
  { runtime }: IdentityContext,
) =>
  resolveConnectionById(args, (page) =>
    listContacts(runtime.prisma, workspaceId, filter ?? {}, page),
  );

builder.objectField(Workspace, 'contacts', (t) =>
  t.connection(
    {
      type: Contact,
      description: 'The contacts of the workspace, oldest first.',
      args: { filter: t.arg(filterArg) },
      resolve: ({ id }, args, context) => resolveContacts(id, args, context),
    },
    ContactConnection,
  ),
);

builder.queryFields((t) => ({
  contact: t.field({
    type: Contact,
    nullable: true,
    description: 'The contact with this id.',
    args: { id: t.arg.id({ required: true, description: 'The id of the contact.' }) },
    authScopes: { authenticated: true },
    resolve: (_parent, { id }, { loaders }) => loadOrNotFound(loaders.contact, id, 'contact'),
  }),
  contacts: t.connection(
    {
      type: Contact,
      nullable: true,
      description: 'The contacts of a workspace, oldest first.',
      args: {
        workspaceId: t.arg.id({ required: true, description: 'The id of the workspace.' }),
        filter: t.arg(filterArg),
      },
      authScopes: (_parent, { workspaceId }) => ({ canRead: workspaceId }),
      resolve: (_parent, { workspaceId, ...args }, context) =>
        resolveContacts(workspaceId, args, context),
    },
    ContactConnection,
  ),
}));
