import type { EntityType } from '../../rules/entities.ts';
import type { Matcher } from '../matching/matcher.ts';

/** What one field brings to the weight of a match. */
export interface MatchContribution {
  /** What was compared, in words. */
  readonly field: string;
  /** How the values agree, in words. */
  readonly level: string;
  /** In bits: above 0 it speaks for a match, below 0 against it. */
  readonly weight: number;
}

/** Why another entity is taken for the same; prior and contributions add up to the weight. */
export interface DuplicateMatch {
  readonly entityId: string;
  /** From 0 to 1. */
  readonly probability: number;
  /** log2 of the odds that both are the same. */
  readonly weight: number;
  /** The weight of any two records before they are compared. */
  readonly prior: number;
  readonly contributions: readonly MatchContribution[];
}

/** So many matches of a record are explained. */
const MOST_EXPLAINED = 10;

/** Compares a row with others, the surest match first; those that can't be compared are left out. */
export function rankMatches(
  matcher: Matcher,
  row: number,
  others: readonly number[],
): readonly { readonly row: number; readonly probability: number }[] {
  return others
    .flatMap((other) => {
      const compared = matcher.compare(row, other);
      return compared === null ? [] : [{ row: other, ...compared }];
    })
    .sort((a, b) => b.weight - a.weight || a.row - b.row);
}

/** Explains the surest matches of a row. */
export function explainMatches(
  matcher: Matcher,
  row: number,
  ranked: readonly { readonly row: number }[],
  entityId: (row: number) => string,
): readonly DuplicateMatch[] {
  return ranked.slice(0, MOST_EXPLAINED).flatMap((other): DuplicateMatch[] => {
    const explained = matcher.explain(row, other.row);
    if (explained === null) return [];
    const prior = rounded(explained.prior);
    const contributions = explained.contributions.map(({ field, level, weight }) => ({
      field,
      level,
      weight: rounded(weight),
    }));
    const weight = contributions.reduce((sum, part) => sum + part.weight, prior);
    return [
      {
        entityId: entityId(other.row),
        probability: explained.probability,
        weight: rounded(weight),
        prior,
        contributions,
      },
    ];
  });
}

/** As many digits as anybody looks at: they are kept for each finding. */
function rounded(bits: number): number {
  return Math.round(bits * 10_000) / 10_000;
}

/** The fields of an entity that stand for what the engine compares, the first that has a value. */
const FIELDS_OF: Readonly<Record<string, readonly string[]>> = {
  'given name': ['givenName'],
  'family name': ['familyName'],
  'birth date': ['birthDate'],
  name: ['name', 'organisationName'],
  organisation: ['organisationName'],
  phone: ['phone'],
  email: ['email'],
  place: ['postalCode', 'locality', 'region'],
  street: ['addressLine1', 'streetNumber'],
  'street elsewhere': ['addressLine1', 'streetNumber'],
  'street of unknown place': ['addressLine1', 'streetNumber'],
  'second address line': ['addressLine2', 'addressLine1'],
  position: ['latitude'],
};

/** The field of an entity that speaks most for a match, and that has a value. */
export function strongestField(
  entityType: EntityType,
  entity: object,
  match: DuplicateMatch | undefined,
): string {
  const byWeight = [...(match?.contributions ?? [])].sort((a, b) => b.weight - a.weight);
  const field = byWeight
    .flatMap((contribution) => FIELDS_OF[contribution.field] ?? [])
    .find((name) => (Reflect.get(entity, name) ?? null) !== null);
  return field ?? (entityType === 'site' ? 'name' : 'familyName');
}
