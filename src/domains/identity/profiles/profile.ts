import type { ClientBase } from 'pg';
import type { EntityType, FieldsByType } from '../rules/entities.ts';
import type { RowReferences } from './rowReference.ts';

/** Where a staged batch came from. A CHECK constraint on `staged_batch.source_type` holds the same list. */
export const STAGED_BATCH_SOURCE_TYPES = ['CSV_IMPORT', 'API_IMPORT', 'DATA_AUDIT'] as const;
export type StagedBatchSourceType = (typeof STAGED_BATCH_SOURCE_TYPES)[number];

/** A row on its way into a batch. */
export interface StagedRow {
  readonly entityType: EntityType;
  readonly rawData: Readonly<Record<string, unknown>>;
  /** Whether an incremental audit leaves the entity to its workspace rules: it has not changed. */
  readonly unchanged?: boolean;
}

/** A part of a batch: rows from `firstRow` up to, not including, `endRow`. */
export interface RowRange {
  readonly batchId: string;
  readonly workspaceId: string;
  readonly firstRow: number;
  readonly endRow: number;
  /** Those of the rows to look at, in order, where it is not about all of them. */
  readonly rowIndexes?: readonly number[];
  /** Of an import: the type of the rows to look at, where it is not about those of all types. */
  readonly entityType?: EntityType;
  /** Of an import: what its rows refer to. */
  readonly references?: RowReferences;
}

/** A record of a batch as the entity that rules look at. */
export interface LoadedRecord<T extends EntityType> {
  readonly rowIndex: number;
  /** The audited entity, or the one that a row matches, and its version; null for rows that make a new one. */
  readonly entityId: string | null;
  readonly entityVersion: number | null;
  readonly entity: FieldsByType[T];
}

/** Records of one type, to be read once: they may be made while they are read. */
export type RecordsOfType = {
  [T in EntityType]: { readonly entityType: T; readonly records: Iterable<LoadedRecord<T>> };
}[EntityType];

/** A record that can't be looked at, and why. */
export interface UnreadableRecord {
  readonly rowIndex: number;
  readonly reason: string;
  /** Whether there is nothing to look at: the audited entity is no longer active. */
  readonly isGone?: true;
}

/** Some records of a range. */
export type LoadedPage = RecordsOfType & {
  readonly unreadable: readonly UnreadableRecord[];
  /** Rows of an import that match an entity and say nothing new of it; they are not among the records. */
  readonly unchanged?: readonly number[];
};

interface ProfileBase {
  readonly name: string;
  /** The source types that batches of this profile may have. */
  readonly sourceTypes: readonly StagedBatchSourceType[];
  /** Whether rules are run on the records; rows of the demo are taken as they are. */
  readonly checksRecords: boolean;
  /** Loads the records of a range, page by page, with one query per entity type at the most. */
  loadRange(client: ClientBase, range: RowRange): AsyncGenerator<LoadedPage>;
}

/** Production entities go through review. */
export interface AuditProfile extends ProfileBase {
  readonly kind: 'audit';
  /** The production entity that a row stands for. */
  entityIdOf(rawData: StagedRow['rawData']): string;
}

/** Production entities are to be taken out of use: each row names one, with the version it was seen in. */
export interface ArchiveProfile extends ProfileBase {
  readonly kind: 'archive';
  /** The production entity that a row stands for. */
  entityIdOf(rawData: StagedRow['rawData']): string;
}

/** Rows become production entities, or bring these up to date. */
export interface ImportProfile extends ProfileBase {
  readonly kind: 'import';
  /** Whether a row updates the entity that has its external id already; those of the demo have ids of their own. */
  readonly matchesEntities: boolean;
  /** Whether callers of the API may name it; the demo's profile is for the program alone. */
  readonly public: boolean;
  /** The type of every row; null where each row names its own. */
  readonly entityType: EntityType | null;
}

/** How the rows of a batch are handled. */
export type Profile = AuditProfile | ImportProfile | ArchiveProfile;
