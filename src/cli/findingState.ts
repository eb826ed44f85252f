import { Option } from 'commander';
import { z } from 'zod';

/** Where a finding can stand in the ledger when its audit is done. */
const STATES = ['NEW', 'PERSISTING', 'REGRESSED'] as const;
export type FindingState = (typeof STATES)[number];

/** What is asked of a finding about the ledger. */
export const HISTORY_FIELDS = 'state firstSeenAt lastSeenAt';

/** The answer to {@link HISTORY_FIELDS}; null in imports, and before an audit is done. */
export const historySchema = {
  state: z.string().nullable(),
  firstSeenAt: z.string().nullable(),
  lastSeenAt: z.string().nullable(),
};

/** By which people narrow a list to what is new, say. */
export function stateOption(): Option {
  return new Option('--state <state>', 'findings that stood so in the ledger').choices(STATES);
}
