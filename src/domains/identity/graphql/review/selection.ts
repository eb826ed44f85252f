import type { FindingKey, ReviewFilter, Selection } from '../../services/review/reviewSelection.ts';
import { selectionOf } from '../../services/review/reviewSelection.ts';
import { builder } from '../builder.ts';

export const FindingKeyInput = builder.inputType('FindingKey', {
  description: 'One finding of a batch.',
  fields: (t) => ({
    rowIndex: t.int({ required: true, description: 'The row of its record.' }),
    ordinal: t.int({ required: true, description: 'Its ordinal within the record.' }),
    version: t.int({
      description:
        'The version that you saw. Where somebody has decided on it since, nothing is decided and you get CONFLICT; without it, also where somebody else had decided otherwise before.',
    }),
    value: t.string({
      description:
        'When accepting: the value to apply instead of the suggested one; an empty text means none at all.',
    }),
  }),
});

/** Which findings an input names. */
export interface SelectedFindings {
  readonly findings?: readonly (typeof FindingKeyInput.$inferInput)[] | null | undefined;
  readonly filter?: ReviewFilter | null | undefined;
}

/** The findings that an input means. */
export function selectedFindings({ findings, filter }: SelectedFindings): Selection<FindingKey> {
  const keys = findings?.map(({ rowIndex, ordinal, version, value }) => ({
    ...{ rowIndex, ordinal },
    version: version ?? null,
    value: value ?? null,
  }));
  return selectionOf(
    'findings',
    keys ?? null,
    filter ?? null,
    ({ rowIndex, ordinal }) => `Finding ${ordinal} of record ${rowIndex}`,
  );
}
