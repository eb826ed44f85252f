import type { AuditMode } from '../../generated/prisma/enums.ts';
import type { EntityType } from '../../rules/entities.ts';
import type { Severity } from '../../rules/rule.ts';
import type { UncomparedPairs } from '../duplicates/matchingDetails.ts';
import type { LookedAt } from '../staging/rangeCounts.ts';
import type { ChangedMeanwhile } from './changedMeanwhile.ts';

/** The entities of one type: `expected` is the sum of what became of them. */
export interface CertifiedEntities extends LookedAt, ChangedMeanwhile {
  readonly entityType: EntityType;
  /** Those that were active in the snapshot. */
  readonly expected: number;
}

/** A rule that the entities were judged by. */
export interface CertifiedRule {
  readonly id: string;
  readonly version: number;
  readonly severity: Severity;
  /** The values of all its parameters. */
  readonly parameters: readonly { readonly id: string; readonly value: number }[];
}

/** What an audit has looked at, by which rules, and what it has not: kept with its batch, and never changed. */
export interface Certificate {
  readonly batchId: string;
  readonly workspaceId: string;
  readonly mode: AuditMode;
  /** The certified audit that an incremental one builds on; null for a full one. */
  readonly baseBatchId: string | null;
  /** Why it is full though an incremental one was asked for. */
  readonly fullReason: string | null;
  /** The `pg_snapshot` that told which entities there are, and when it was taken, in ISO 8601. */
  readonly snapshot: string;
  readonly snapshotAt: string;
  readonly certifiedAt: string;
  readonly entities: readonly CertifiedEntities[];
  readonly defaultCountry: string | null;
  readonly rules: readonly CertifiedRule[];
  /** Ids of the rules that were off. */
  readonly rulesOff: readonly string[];
  /** Pairs that the searches for duplicates did not compare. */
  readonly uncompared: readonly UncomparedPairs[];
  /** How many findings it made, before an incremental audit leaves out those that persist. */
  readonly findings: readonly { readonly severity: Severity; readonly count: number }[];
}
