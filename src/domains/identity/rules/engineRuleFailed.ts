import type { Severity } from './rule.ts';

/** What audits and imports report of themselves: it is always on, and about entities of any type. */
export interface EngineRule {
  readonly kind: 'engine';
  readonly id: string;
  readonly version: number;
  readonly severity: Severity;
  readonly description: string;
  readonly rationale: string;
  readonly example: string;
}

/** The finding of a rule that threw: the record was not judged by it. */
export const engineRuleFailed: EngineRule = {
  kind: 'engine',
  id: 'engine.rule-failed',
  version: 1,
  severity: 'WARNING',
  description:
    'Every rule judges every record; one that fails on a record says so there, and the audit or import goes on.',
  rationale: 'The record was not checked by that rule, and what it would have found is not known.',
  example:
    'The rule contact.phone.invalid failed on this record, so it was not checked by it. The log says why.',
};
