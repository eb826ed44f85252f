import { erasePerson } from '../services/erasure/erasePerson.ts';
import { builder } from './builder.ts';
import { Contact } from './contact.ts';
import { signedIn } from './context.ts';
import { loadOrNotFound } from './entityLoaders.ts';

const ErasePersonInput = builder.inputType('ErasePersonInput', {
  description: 'Whom to erase, and why.',
  fields: (t) => ({
    contactId: t.id({
      required: true,
      description:
        'The id of a contact of kind PERSON. All contacts that were merged with it are erased too, whichever is named.',
    }),
    reason: t.string({
      required: true,
      description:
        'Why, such as the number of the request. It stays in the history, so it must not name the person.',
    }),
  }),
});

interface ErasePersonPayload {
  readonly contactId: string;
  readonly erasedIds: readonly string[];
}

const ErasePersonResult = builder.objectRef<ErasePersonPayload>('ErasePersonResult').implement({
  description: 'Who was erased.',
  fields: (t) => ({
    contact: t.field({
      type: Contact,
      description: 'The contact, with nothing left but its id and its history.',
      resolve: ({ contactId }, _args, { loaders }) =>
        loadOrNotFound(loaders.contact, contactId, 'contact'),
    }),
    erasedIds: t.exposeIDList('erasedIds', {
      description: 'The ids of all contacts that were erased: it, and those merged with it.',
    }),
  }),
});

builder.mutationField('erasePerson', (t) =>
  t.field({
    type: ErasePersonResult,
    description:
      'Erases a person from contacts, staged rows, findings, history and ledger, for good: no reversal brings them back. Refused while a batch of the workspace is worked on.',
    args: {
      input: t.arg({
        type: ErasePersonInput,
        required: true,
        description: 'Whom to erase, and why.',
      }),
    },
    authScopes: { authenticated: true },
    resolve: async (_parent, { input }, context) => {
      const actorId = signedIn(context);
      const { loaders, runtime } = context;
      const { id, workspaceId } = await loadOrNotFound(loaders.contact, input.contactId, 'contact');
      await context.demand('canManage', workspaceId);
      const erasedIds = await erasePerson(runtime.pool, {
        ...{ contactId: id, actorId, reason: input.reason },
      });
      for (const erased of erasedIds) loaders.contact.clear(erased);
      return { contactId: id, erasedIds };
    },
  }),
);
