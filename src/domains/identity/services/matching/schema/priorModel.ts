import { MATCH_MODEL_VERSION, type MatchModel, type PopulationModel } from '../model.ts';
import type { MatchedType } from '../recordStore.ts';
import { boundLevels } from './boundLevels.ts';
import type { PopulationSchema } from './populationSchema.ts';
import { SCHEMAS } from './schemas.ts';

/** Of records, how many are assumed to have a duplicate before anything is known. */
const DUPLICATE_SHARE = 0.05;

/** The model of a population before anything is known but how many records it has. */
export function priorModel(schema: PopulationSchema, records: number): PopulationModel {
  const sameShare = DUPLICATE_SHARE / Math.max(2, records - 1);
  return {
    records,
    sameShare,
    relatedShare: sameShare * schema.relatedForOneSame,
    fields: schema.fields.map(({ field, levels, shared, against }) => ({
      field,
      levels: boundLevels(
        levels.map(([label, same, unrelated]) => ({ label, same, unrelated })),
        against ?? [],
      ),
      shared,
      evidence: 0,
    })),
  };
}

/** The model of a workspace of which nothing is known but how many records of a type it has. */
export function priorMatchModel(type: MatchedType, records: number): MatchModel {
  const populations =
    type === 'site'
      ? { site: priorModel(SCHEMAS.site, records) }
      : {
          person: priorModel(SCHEMAS.person, records),
          organisation: priorModel(SCHEMAS.organisation, records),
        };
  return { version: MATCH_MODEL_VERSION, type, populations };
}
