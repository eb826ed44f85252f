import type { IngestedRows } from '../../services/imports/ingestRows.ts';
import { builder } from '../builder.ts';
import { signedIn } from '../context.ts';
import { BatchStatusEnum } from '../enums.ts';

const IngestStagedBatchInput = builder.inputType('IngestStagedBatchInput', {
  description: 'Rows of another system.',
  fields: (t) => ({
    workspaceId: t.id({ required: true, description: 'The id of the workspace they are for.' }),
    profile: t.string({
      required: true,
      description: 'What they are: contactImport, siteImport or deviceImport.',
    }),
    rows: t.field({
      type: ['JSON'],
      required: true,
      description:
        'Objects with the fields of the entity, by their names here: {"givenName": "Ada"}. Dates are YYYY-MM-DD. Other keys are kept with the record. At most 10,000 unless the service is configured otherwise; send more as a file.',
    }),
    title: t.string({
      description: 'What people call the batch, in 1 to 200 characters; the day by default.',
    }),
    autoPromote: t.boolean({
      defaultValue: false,
      description:
        'Whether rows that are sound are promoted at once. Takes the right to review, and is refused under four eyes.',
    }),
    blankErases: t.boolean({
      defaultValue: false,
      description:
        'Whether null and blank texts erase what an entity that a row matches has in that field; not its kind or status, and not what it refers to. Fields that a row leaves out never do.',
    }),
    idempotencyKey: t.string({
      description:
        'In 1 to 200 characters, no personal data. The same rows under the same key are staged once, and give the same batch.',
    }),
  }),
});

const IngestStagedBatchResult = builder
  .objectRef<IngestedRows>('IngestStagedBatchResult')
  .implement({
    description: 'Rows that are on their way to review.',
    fields: (t) => ({
      batchId: t.exposeID('batchId', {
        description: 'The id of the staged batch in which they are reviewed.',
      }),
      recordCount: t.exposeInt('recordCount', {
        description: 'How many rows it has.',
      }),
      status: t.expose('status', {
        type: BatchStatusEnum,
        description:
          'Where the batch stands. A repeated one may have FAILED since: retryStagedBatch goes on with it.',
      }),
      repeated: t.exposeBoolean('repeated', {
        description: 'Whether the rows had come under this key before. Nothing was written then.',
      }),
    }),
  });

builder.mutationField('ingestStagedBatch', (t) =>
  t.field({
    type: IngestStagedBatchResult,
    description: 'Sends rows of another system through review, as a staged batch.',
    args: {
      input: t.arg({
        type: IngestStagedBatchInput,
        required: true,
        description: 'The rows, and what they are.',
      }),
    },
    authScopes: (_parent, { input }) =>
      input.autoPromote ? { canReview: input.workspaceId } : { canCreate: input.workspaceId },
    resolve: (_parent, { input }, context) =>
      context.runtime.imports.ingestRows({
        workspaceId: input.workspaceId.toLowerCase(),
        createdBy: signedIn(context),
        profile: input.profile,
        title: input.title ?? undefined,
        autoPromote: input.autoPromote ?? false,
        blankErases: input.blankErases ?? false,
        rows: input.rows,
        idempotencyKey: input.idempotencyKey ?? null,
        limits: context.runtime.importLimits,
      }),
  }),
);
