import { notFound } from '../../../../platform/errors.ts';
import { resolveConflict } from '../../services/promotion/resolveConflict.ts';
import { listStagedRecords } from '../../services/staging/stagedRecords.ts';
import { builder } from '../builder.ts';
import { signedIn } from '../context.ts';
import { StagedRecordType } from '../staging/stagedRecord.ts';
import { loadBatchFor } from './reviewedBatch.ts';

const ConflictResolutionEnum = builder.enumType('ConflictResolution', {
  description: 'Whose value an entity is to have that was changed after it was looked at.',
  values: {
    THEIRS: { description: 'The entity stays as it is; what was accepted is rejected.' },
    OURS: { description: 'What was accepted goes into production with the next promotion.' },
    EDITED: { description: 'Values that you give go into production with the next promotion.' },
  } as const,
});

const FieldValueInput = builder.inputType('FieldValueInput', {
  description: 'A value for a field.',
  fields: (t) => ({
    field: t.string({ required: true, description: 'The field of the entity.' }),
    value: t.string({
      required: true,
      description: 'The value that it is to have; an empty text means none at all.',
    }),
  }),
});

const ResolveConflictInput = builder.inputType('ResolveConflictInput', {
  description: 'A conflict, and how it is resolved.',
  fields: (t) => ({
    batchId: t.id({ required: true, description: 'The id of the batch.' }),
    rowIndex: t.int({ required: true, description: 'The row of the record in conflict.' }),
    resolution: t.field({
      type: ConflictResolutionEnum,
      required: true,
      description: 'Whose value the entity is to have.',
    }),
    values: t.field({
      type: [FieldValueInput],
      description: 'With EDITED: the values, for fields for which something was accepted.',
    }),
    entityVersion: t.int({
      description:
        'The version of the entity that you saw. Where it has been changed since, nothing is resolved and you get CONFLICT.',
    }),
    comment: t.string({ description: 'What others should know about it.' }),
  }),
});

builder.mutationField('resolveConflict', (t) =>
  t.field({
    type: StagedRecordType,
    description:
      'Decides what becomes of a record whose entity was changed after it was looked at. Returns the record.',
    args: {
      input: t.arg({
        type: ResolveConflictInput,
        required: true,
        description: 'The conflict, and how it is resolved.',
      }),
    },
    authScopes: { authenticated: true },
    resolve: async (_parent, { input }, context) => {
      const batch = await loadBatchFor(context, input.batchId, 'canReview');
      const { rowIndex, resolution, values, entityVersion, comment } = input;
      const { pool } = context.runtime;
      await resolveConflict(pool, {
        ...{ batchId: batch.id, rowIndex, resolution, actorId: signedIn(context) },
        values: values ?? [],
        entityVersion: entityVersion ?? null,
        comment: comment ?? null,
      });
      const page = { after: rowIndex - 1, before: rowIndex + 1, limit: 1, backwards: false };
      const [record] = await listStagedRecords(pool, batch, {}, page);
      if (record === undefined) throw notFound('record');
      return record;
    },
  }),
);
