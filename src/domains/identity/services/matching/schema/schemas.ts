import type { Population } from '../recordStore.ts';
import { PERSON } from './person.ts';
import { PLACE_OF_BUSINESS } from './place.ts';
import type { PopulationSchema } from './populationSchema.ts';

/** How the records of each population are compared. */
export const SCHEMAS: Readonly<Record<Population, PopulationSchema>> = {
  person: PERSON,
  organisation: PLACE_OF_BUSINESS,
  site: PLACE_OF_BUSINESS,
};
