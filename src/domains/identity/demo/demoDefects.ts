import type { EntityType, FieldsByType } from '../rules/entities.ts';
import type { Severity } from '../rules/rule.ts';

/** Values to be put in place of an entity's own. */
export type Changes = Readonly<Record<string, string | number | null>>;

interface Defect {
  /** The rule that must find it. */
  readonly ruleId: string;
  /** The field on which the rule must find it. */
  readonly field: string;
  readonly severity: Severity;
  readonly count: number;
}

/** Something wrong with one entity. */
export interface RecordDefect<T extends EntityType> extends Defect {
  /** Ways to spoil an entity, used in turn; each returns null for one it can't spoil. */
  readonly spoil: readonly ((fields: FieldsByType[T]) => Changes | null)[];
}

/** Entities that are the same thing. */
export interface DuplicateDefect<T extends EntityType> extends Defect {
  readonly copies: number;
  /** What makes another entity a copy of the original; null where either can't be that. */
  readonly copy: (original: FieldsByType[T], other: FieldsByType[T]) => Changes | null;
}

export interface Defects<T extends EntityType> {
  readonly records: readonly RecordDefect<T>[];
  readonly duplicates: readonly DuplicateDefect<T>[];
}

/** Turns a way to spoil a text into one to spoil an entity: not one where the text is missing. */
export function spoilText<F extends string>(
  field: F,
  spoil: (text: string) => string | null,
): (fields: { readonly [K in F]: unknown }) => Changes | null {
  return (fields) => {
    const text = fields[field];
    const spoilt = typeof text === 'string' ? spoil(text) : null;
    return spoilt === null ? null : { [field]: spoilt };
  };
}

const STRAY_SPACES: readonly ((text: string) => string | null)[] = [
  (text) => ` ${text}`,
  (text) => `${text}  `,
  (text) => `${text}\u200B`,
  (text) => `\u00A0${text}`,
  (text) => `${text}\r\n`,
  (text) => (text.includes(' ') ? text.replace(' ', '  ') : null),
  (text) => (text.includes(' ') ? text.replace(' ', '\t') : null),
];

/** Stray white space and the like in a text field. */
export function strayWhitespace<T extends EntityType, F extends keyof FieldsByType[T] & string>(
  entityType: T,
  field: F,
  count: number,
): RecordDefect<T> {
  return {
    ruleId: `${entityType}.text.whitespace`,
    field,
    severity: 'INFO',
    count,
    spoil: STRAY_SPACES.map((spoil) => spoilText(field, spoil)),
  };
}
