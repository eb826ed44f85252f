import pg from 'pg';
import { entityColumns } from '../../profiles/entityTables.ts';
import type { EntityType } from '../../rules/entities.ts';
import type { RuleSet } from '../configuration/ruleSet.ts';
import type { AuditBase } from './auditBase.ts';
import { rulesInForce } from './batchRules.ts';
import { RULE_FAILED } from './findings.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;

/** Tells which entities of a type an audit need not look at, as in SQL. */
export interface UnchangedEntities {
  /** Selects, as `entity_id` and each once, those to look at again though nobody has changed them. */
  readonly again: string;
  /** A condition on the others, `e`. */
  readonly condition: string;
}

/**
 * The entities of which the record rules would say what they said in the base audit.
 *
 * - The transaction that changed it last is one that the base's snapshot has seen: all that are older
 *   than its xmin, and those that were not under way. One that began before it and ended after it has
 *   not been seen, however early its time stamps.
 * - No other transaction has written the row since, as loading a table from a dump does, past the
 *   trigger that notes changes. A row knows 32 bits of its writer, so it is either the same one, or its
 *   age tells: a savepoint has an id of its own.
 * - None of its dates lies where the verdict of a rule turns between the day of the base and tomorrow,
 *   in case the day ends before the audit is created.
 * - No waiver of it has expired since the base's snapshot, and no rule had failed on it.
 * - No audit that is passed over has changed the ledger by what it says of it: that is news again.
 *
 * @param workspaceId - of the entities
 * @param now - when the snapshot was taken that the audit reads
 */
export function unchangedSince(
  base: AuditBase,
  entityType: EntityType,
  workspaceId: string,
  ruleSet: RuleSet,
  now: Date,
): UnchangedEntities {
  const snapshot = `${pg.escapeLiteral(base.snapshot)}::pg_snapshot`;
  return {
    again: lookedAtAgain(base, workspaceId, now),
    condition: [
      `pg_visible_in_snapshot(e.changed_xid, ${snapshot})`,
      `(e.xmin = e.changed_xid::xid OR age(e.xmin) > (SELECT age(pg_snapshot_xmin(${snapshot})::xid)))`,
      ...turningDates(base, entityType, ruleSet, now),
    ].join(' AND '),
  };
}

function lookedAtAgain(base: AuditBase, workspaceId: string, now: Date): string {
  const workspace = pg.escapeLiteral(workspaceId);
  const passedOver = `ANY (${pg.escapeLiteral(`{${base.passedOver.join(',')}}`)}::uuid[])`;
  return `
    SELECT entity_id FROM waiver WHERE workspace_id = ${workspace}
      AND expires_at >= ${timestamp(base.snapshotAt)} AND expires_at <= ${timestamp(now)}
    UNION
    SELECT entity_id FROM ledger_entry WHERE workspace_id = ${workspace}
      AND (rule_id = ${pg.escapeLiteral(RULE_FAILED.id)} AND open OR first_seen_batch_id = ${passedOver})
    UNION
    SELECT entity_id FROM ledger_event WHERE batch_id = ${passedOver}`;
}

function turningDates(
  base: AuditBase,
  entityType: EntityType,
  ruleSet: RuleSet,
  now: Date,
): string[] {
  const tomorrow = new Date(now.getTime() + DAY_MS).toISOString().slice(0, 10);
  const then = turningDaysOf(entityType, ruleSet, base.day);
  const soon = turningDaysOf(entityType, ruleSet, tomorrow);
  return then.map(({ field, day }, index) => {
    const column = entityColumns(entityType).find((known) => known.field === field)?.column;
    const bounds = [day, soon[index]?.day ?? day].sort().map((bound) => pg.escapeLiteral(bound));
    // Compared as rules compare them: as texts.
    return `coalesce(e.${column}::text COLLATE "C" NOT BETWEEN ${bounds.join(' AND ')}, true)`;
  });
}

function turningDaysOf(entityType: EntityType, ruleSet: RuleSet, day: string) {
  const { context, recordRules } = rulesInForce(ruleSet, day);
  return recordRules[entityType].flatMap((rule) => rule.turningDays?.(context) ?? []);
}

function timestamp(at: Date): string {
  return `${pg.escapeLiteral(at.toISOString())}::timestamptz`;
}
