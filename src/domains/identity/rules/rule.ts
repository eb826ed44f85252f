import type { EntityType, FieldsByType } from './entities.ts';

export type Severity = 'ERROR' | 'WARNING' | 'INFO';

/** What a rule found on one field of one record. */
export interface FindingDraft {
  readonly field: string;
  /** For the person who reviews it: what is wrong, in a sentence. */
  readonly message: string;
  /** The value as it stands, or null where the point is that there is none. */
  readonly currentValue: string | null;
  /** Given only where one correct value is certain. */
  readonly suggestedValue: string | null;
}

/** What rules know beside the record. */
export interface RuleContext {
  /** ISO 3166-1 alpha-2 of the workspace; read where an entity has no country of its own. */
  readonly defaultCountry: string | null;
}

interface RuleDescription<T extends EntityType> {
  /** Stable, such as `contact.email.syntax`; the file bears its name. */
  readonly id: string;
  /** Raised whenever the rule may judge the same value differently. */
  readonly version: number;
  readonly entityType: T;
  readonly severity: Severity;
  /** One sentence: what the rule demands. */
  readonly description: string;
}

/** A check of one entity on its own. `report` is called once for each finding, never for a clean record. */
export interface RecordRule<T extends EntityType> extends RuleDescription<T> {
  readonly kind: 'record';
  check(
    entity: FieldsByType[T],
    context: RuleContext,
    report: (finding: FindingDraft) => void,
  ): void;
}

/** A value by which two records are the same thing, and the field it was taken from. */
export interface MatchKey {
  readonly field: string;
  /** Normalised: equal keys mean a duplicate. Never empty: an absent value matches nothing. */
  readonly key: string;
  /** Completes "Same … as another contact." */
  readonly label: string;
}

/**
 * A workspace rule that finds entities sharing a match key. The rule says which keys an entity has;
 * the audit compares them across the workspace and names the other entities in the finding.
 */
export interface DuplicateRule<T extends EntityType> extends RuleDescription<T> {
  readonly kind: 'duplicate';
  /** What match keys are made of: all other fields may be null when they are asked for. */
  readonly fields: readonly (keyof FieldsByType[T] & string)[];
  matchKeys(entity: FieldsByType[T], context: RuleContext): readonly MatchKey[];
}
