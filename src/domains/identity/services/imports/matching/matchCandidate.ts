import type { DuplicateMatch } from '../../duplicates/explainMatches.ts';

/** An entity that an imported row may be; kept with the row until somebody chooses. */
export interface MatchCandidate {
  readonly entityId: string;
  /** Why this is for a person to say; without values of either. */
  readonly reason: string;
  /** Why the engine takes both for the same; null where they share what identifies them. */
  readonly explanation: DuplicateMatch | null;
}

/** So many candidates are kept with a row. */
export const MOST_CANDIDATES = 10;

export const CANDIDATE_REASONS = {
  severalExternalIds: 'Several have the external id of the row.',
  severalKeys: 'Several have what identifies the row.',
  otherExternalId: 'It has what identifies the row, but another external id.',
  uncertain: 'It has what identifies the row, but not all of it agrees or is known.',
  probable: 'It is probably the same.',
} as const;
