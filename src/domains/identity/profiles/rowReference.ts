import type { EngineRule } from '../rules/engineRuleFailed.ts';

/** What the reference columns of an imported row come to. */
export interface RowReference {
  /** The field that refers to another entity. */
  readonly field: 'ownerId' | 'siteId';
  /** The entity that is meant; null where it can't be told (yet), or where people said otherwise. */
  readonly id: string | null;
  /** Why it can't be told; null where it can, and where people said otherwise. */
  readonly problem: ReferenceProblem | null;
}

/** Why it can't be told what a row refers to. */
export interface ReferenceProblem {
  readonly rule: EngineRule;
  /** What the row says, in the column that counts most. */
  readonly given: string;
  readonly message: string;
}

/** By row; rows that refer to nothing are not in it. */
export type RowReferences = ReadonlyMap<number, RowReference>;

type RawData = Readonly<Record<string, unknown>>;

/** A row's data with the id of what it refers to, in place of what it says itself. */
export function withReference(
  rawData: RawData,
  reference: Pick<RowReference, 'field' | 'id'> | undefined,
): RawData {
  if (reference === undefined) return rawData;
  return { ...rawData, [reference.field]: reference.id };
}
