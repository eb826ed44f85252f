import { type EngineRule, engineRuleFailed } from './engineRuleFailed.ts';
import { referenceRules } from './referenceRules.ts';

/** What audits and imports report of themselves, in the order in which it is listed. */
export const engineRules: readonly EngineRule[] = [...referenceRules, engineRuleFailed];
