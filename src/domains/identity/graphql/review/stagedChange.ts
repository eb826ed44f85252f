import { type StagedChange, stagedChange } from '../../services/promotion/stagedChange.ts';
import { builder } from '../builder.ts';
import { StagedRecordType } from '../staging/stagedRecord.ts';

const StagedChangeKindEnum = builder.enumType('StagedChangeKind', {
  description: 'What the promotion of a record would do to production.',
  values: {
    CREATE: { description: 'It makes a new entity of the record.' },
    UPDATE: { description: 'It changes fields of the entity of the record.' },
    ARCHIVE: { description: 'It takes the entity of the record out of use.' },
    NONE: { description: 'Nothing: production has all that it brings.' },
  } as const,
});

const StagedChangeType = builder.objectRef<StagedChange>('StagedChange').implement({
  description: 'What the promotion of a record would do to production.',
  fields: (t) => ({
    kind: t.expose('kind', { type: StagedChangeKindEnum, description: 'What it would do.' }),
    before: t.expose('before', {
      type: 'JSON',
      nullable: true,
      description: 'The fields that would change, as they are now; none for a new entity.',
    }),
    after: t.expose('after', {
      type: 'JSON',
      nullable: true,
      description: 'The fields that would change, as they would be from then on.',
    }),
  }),
});

builder.objectField(StagedRecordType, 'change', (t) =>
  t.field({
    type: StagedChangeType,
    description:
      'What its promotion would do if it began now: with what is accepted of its findings, and as if an undecided row of an import were accepted. Merges are not in it.',
    resolve: async (record, _args, { loaders }) => {
      const { entityType, entityId } = record;
      const [entity, reference] = await Promise.all([
        entityId === null ? null : loaders[entityType].load(entityId),
        loaders.foundReferences.load(record),
      ]);
      return stagedChange(record, entity && { ...entity }, reference);
    },
  }),
);
