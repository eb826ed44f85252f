import type { Sql } from 'sql-template-tag';
import type { EntityType, FieldsByType } from './entities.ts';

export type Severity = 'ERROR' | 'WARNING' | 'INFO';

/** What a rule found on one field of one record. */
export interface FindingDraft {
  readonly field: string;
  /** For the person who reviews it: what is wrong, in a sentence. */
  readonly message: string;
  /** The value as it stands, or null where the point is that there is none. */
  readonly currentValue: string | null;
  /** The right value, where one can be told; an empty text means none at all. */
  readonly suggestedValue: string | null;
  /** Said of a suggestion that somebody should look at first; others are certain. */
  readonly certainty?: 'LIKELY';
}

/** A number that a rule goes by. */
export interface RuleParameter {
  /** The rule's id and a name, such as `contact.birth-date.implausible.maximumAge`. */
  readonly id: string;
  /** What it means, with its unit, in a sentence. */
  readonly description: string;
  readonly default: number;
  /** The least that a workspace may set; the rule makes sense of all from there to the maximum. */
  readonly minimum: number;
  readonly maximum: number;
}

/** What rules know beside the record. */
export interface RuleContext {
  /** ISO 3166-1 alpha-2 of the workspace; read where an entity has no country of its own. */
  readonly defaultCountry: string | null;
  /** The day of the audit or import, YYYY-MM-DD in UTC. */
  readonly today: string;
  /** The parameters that differ from their defaults, by id. */
  readonly parameters: ReadonlyMap<string, number>;
}

/** The value of a rule's parameter. */
export function parameterValue({ parameters }: RuleContext, parameter: RuleParameter): number {
  return parameters.get(parameter.id) ?? parameter.default;
}

interface RuleDescription<T extends EntityType> {
  /** Stable, such as `contact.email.syntax`; the file bears its name. */
  readonly id: string;
  /** Raised whenever the rule may judge the same value differently. */
  readonly version: number;
  readonly entityType: T;
  readonly severity: Severity;
  /** The fields that it reads. */
  readonly fields: readonly (keyof FieldsByType[T] & string)[];
  /** One sentence: what the rule demands. */
  readonly description: string;
  /** One sentence: what goes wrong where it is not met. */
  readonly rationale: string;
  readonly parameters?: readonly RuleParameter[];
}

/** A value of a field at which a rule's verdict turns as the days go by. */
export interface TurningDay {
  /** A date of the entity. */
  readonly field: string;
  /** Written as dates are, and compared as texts are: it may be no day of the calendar. */
  readonly day: string;
}

/** A check of one entity on its own. `report` is called once for each finding, never for a clean record. */
export interface RecordRule<T extends EntityType> extends RuleDescription<T> {
  readonly kind: 'record';
  /** Fields of an entity that it reports something about, all others being empty. */
  readonly example: Readonly<Record<string, string | number>>;
  check(
    entity: FieldsByType[T],
    context: RuleContext,
    report: (finding: FindingDraft) => void,
  ): void;
  /**
   * Of a rule that goes by `context.today`: where its verdict turns on that day. From one day to
   * another it may change only for entities with a value between the two days' turning days,
   * inclusive; these are looked at again though nobody has changed them. As many on each day, and in
   * the same order.
   */
  turningDays?(context: RuleContext): readonly TurningDay[];
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
 * the audit compares them across the workspace and names the other entities in the finding. Fields
 * that it does not read may be null when it is asked.
 */
export interface DuplicateRule<T extends EntityType> extends RuleDescription<T> {
  readonly kind: 'duplicate';
  /** What it reports, in a sentence. */
  readonly example: string;
  matchKeys(entity: FieldsByType[T], context: RuleContext): readonly MatchKey[];
  /** Where there is one, entities that are at least so probably the same are found too: from 0 to 1. */
  readonly threshold?: RuleParameter;
}

/**
 * A workspace rule that PostgreSQL answers in one statement, about what an entity's own fields do not
 * tell: the entities it refers to, or when it was changed.
 */
export interface QueryRule<T extends EntityType> extends RuleDescription<T> {
  readonly kind: 'query';
  /** What it reports, in a sentence. */
  readonly example: string;
  /**
   * Selects one row a finding, at most one for each active entity of the workspace: `entity_id`,
   * `entity_version`, `field`, `message`, `current_value`, `suggested_value`, `certainty`, which is
   * null for a certain suggestion as for none, and `related_entity_ids`: other entities of its type
   * that the finding is about. It joins by hashes; nested loops are off.
   */
  select(workspaceId: string, context: RuleContext): Sql;
}
