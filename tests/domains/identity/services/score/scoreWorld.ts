import fc from 'fast-check';
import sql, { raw } from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { ENTITY_TABLES } from '../../../../../src/domains/identity/profiles/entityTables.ts';
import type { EntityType } from '../../../../../src/domains/identity/rules/entities.ts';
import type { Severity } from '../../../../../src/domains/identity/rules/rule.ts';
import type { IdentityTestbed } from '../../support/identityTestbed.ts';

/** An entry of the ledger, and whether somebody has waived it in a way that holds. */
export interface WorldEntry {
  readonly ruleId: string;
  readonly field: string;
  readonly severity: Severity;
  readonly open: boolean;
  readonly value: string | null;
  readonly suggestion: string | null;
  readonly waiver: 'none' | (typeof LIVE)[number] | (typeof DEAD)[number];
  /** The decisions on what the batch has found for it; nothing where it has not found it. */
  readonly decisions: readonly ('OPEN' | 'REJECTED')[];
}

export interface WorldEntity {
  readonly entityType: EntityType;
  readonly active: boolean;
  /** Whether its record in the batch is under review. */
  readonly underReview: boolean;
  readonly entries: readonly WorldEntry[];
}

/** The last one's findings are accepted by merging. */
export const RULE_IDS = ['a.one', 'a.two', 'contact.duplicate'] as const;

const LIVE = ['lasting', 'ends later'] as const;
const DEAD = [
  ...['expired', 'revoked', 'other value', 'other rule version', 'other field'],
  ...['other rule', 'other entity'],
] as const;

const isLive = (waiver: string): boolean => LIVE.some((live) => live === waiver);

const entry: fc.Arbitrary<WorldEntry> = fc.record({
  ruleId: fc.constantFrom(...RULE_IDS),
  field: fc.constantFrom('email', 'phone'),
  severity: fc.constantFrom<Severity>('ERROR', 'WARNING', 'INFO'),
  open: fc.boolean(),
  value: fc.constantFrom(null, '', 'x'),
  suggestion: fc.constantFrom(null, '', 'y'),
  waiver: fc.constantFrom<WorldEntry['waiver']>('none', 'none', ...LIVE, ...DEAD),
  decisions: fc.constantFrom<WorldEntry['decisions']>(
    [],
    ['OPEN'],
    ['REJECTED'],
    ['OPEN', 'REJECTED'],
  ),
});

/** A workspace's entities, with what the ledger and the waivers say of them. */
export const world: fc.Arbitrary<readonly WorldEntity[]> = fc.array(
  fc.record({
    entityType: fc.constantFrom<EntityType>('contact', 'site', 'device'),
    active: fc.boolean(),
    underReview: fc.boolean(),
    entries: fc.uniqueArray(entry, {
      selector: ({ ruleId, field }) => `${ruleId} ${field}`,
      maxLength: 5,
    }),
  }),
  { maxLength: 8 },
);

/** Puts a world into a new workspace that was audited by a batch. */
export async function createWorld(
  testbed: IdentityTestbed,
  entities: readonly WorldEntity[],
  userId: string,
): Promise<{ readonly workspaceId: string; readonly batchId: string }> {
  const { pool } = testbed.runtime;
  const workspaceId = await testbed.createWorkspace({ createdBy: userId });
  const batchId = uuidv7();
  await pool.query(sql`
    INSERT INTO staged_batch (id, workspace_id, created_by_id, title, source_type, profile, status,
      ledger_counts)
    VALUES (${batchId}, ${workspaceId}, ${userId}, 'World', 'DATA_AUDIT', 'dataAudit', 'COMPLETED',
      '{}')`);
  const known = entities.map((entity) => ({ ...entity, id: uuidv7() }));
  for (const { id, entityType, active } of known) {
    await pool.query(sql`
      INSERT INTO ${raw(ENTITY_TABLES[entityType])} (id, workspace_id, state)
      VALUES (${id}, ${workspaceId}, ${active ? 'ACTIVE' : 'ARCHIVED'}::entity_state)`);
  }
  const entries = known.flatMap(({ id, entityType, entries: own }) =>
    own.map((each) => ({ ...each, entityId: id, entityType })),
  );
  await pool.query(sql`
    INSERT INTO ledger_entry (workspace_id, entity_type, entity_id, rule_id, field, discriminator,
      open, first_seen_batch_id, first_seen_at, last_seen_batch_id, last_seen_at, rule_version,
      severity, entity_version, message, current_value, suggested_value)
    SELECT ${workspaceId}, "entityType", "entityId", "ruleId", field, '', open, ${batchId}, now(),
           ${batchId}, now(), 2, severity, 1, '', value, suggestion
    FROM jsonb_to_recordset(${JSON.stringify(entries)}::jsonb) AS e("entityType" entity_type,
      "entityId" uuid, "ruleId" text, field text, open boolean, severity severity, value text,
      suggestion text)`);
  await insertFindings(testbed, batchId, known);
  const waivers = entries
    .filter(({ waiver }) => waiver !== 'none')
    .map((each) => ({ ...each, id: uuidv7(), otherId: uuidv7() }));
  await pool.query(sql`
    INSERT INTO waiver (id, workspace_id, entity_type, entity_id, rule_id, rule_version, field,
      value, reason, created_by_id, expires_at, revoked_at)
    SELECT id, ${workspaceId}, "entityType",
           CASE waiver WHEN 'other entity' THEN "otherId" ELSE "entityId" END,
           CASE waiver WHEN 'other rule' THEN 'a.four' ELSE "ruleId" END,
           CASE waiver WHEN 'other rule version' THEN 1 ELSE 2 END,
           CASE waiver WHEN 'other field' THEN 'name' ELSE field END,
           CASE waiver WHEN 'other value' THEN 'y' ELSE value END, 'It is fine.', ${userId},
           CASE waiver WHEN 'expired' THEN now() - interval '1 second'
                       WHEN 'ends later' THEN now() + interval '1 day' END,
           CASE waiver WHEN 'revoked' THEN now() END
    FROM jsonb_to_recordset(${JSON.stringify(waivers)}::jsonb) AS e(id uuid, "otherId" uuid,
      "entityType" entity_type, "entityId" uuid, "ruleId" text, field text, value text, waiver text)`);
  return { workspaceId, batchId };
}

async function insertFindings(
  { runtime: { pool } }: IdentityTestbed,
  batchId: string,
  entities: readonly (WorldEntity & { readonly id: string })[],
): Promise<void> {
  const records = entities.map((entity, rowIndex) => ({ ...entity, rowIndex }));
  const findings = records.flatMap(({ rowIndex, id, entityType, entries }) =>
    entries
      .flatMap(({ decisions, ...each }) => decisions.map((decision) => ({ ...each, decision })))
      .map((each, ordinal) => ({ ...each, rowIndex, ordinal, entityType, entityId: id })),
  );
  await pool.query(sql`
    INSERT INTO finding (batch_id, row_index, ordinal, rule_id, rule_version, entity_type, entity_id,
      entity_version, severity, field, message, current_value, suggested_value, decision)
    SELECT ${batchId}, "rowIndex", ordinal, "ruleId", 2, "entityType", "entityId", 1, severity, field,
           '', value, suggestion, decision
    FROM jsonb_to_recordset(${JSON.stringify(findings)}::jsonb) AS f("rowIndex" int, ordinal int,
      "ruleId" text, "entityType" entity_type, "entityId" uuid, severity severity, field text,
      value text, suggestion text, decision finding_decision)`);
  await pool.query(sql`
    INSERT INTO staged_record_state (batch_id, row_index, status)
    SELECT ${batchId}, "rowIndex", 'PROMOTED'
    FROM jsonb_to_recordset(${JSON.stringify(records)}::jsonb) AS r("rowIndex" int, "underReview" boolean)
    WHERE NOT "underReview"`);
}

const WEIGHTS: Readonly<Record<Severity, number>> = { ERROR: 1, WARNING: 0.5, INFO: 0.2 };

const isOpen = ({ open, waiver }: WorldEntry): boolean => open && !isLive(waiver);

/** Whether one can accept a suggestion about it, or merge. */
export const isAcceptable = ({ ruleId, suggestion }: WorldEntry): boolean =>
  ruleId === 'contact.duplicate' || suggestion !== null;

/** The score of entities, by its definition; null where none is active. */
export function naiveScore(
  entities: readonly WorldEntity[],
  counts: (entry: WorldEntry, entity: WorldEntity) => boolean = () => true,
): number | null {
  const active = entities.filter((entity) => entity.active);
  if (active.length === 0) return null;
  const kept = active.map((entity) => {
    const weights = entity.entries
      .filter((each) => isOpen(each) && counts(each, entity))
      .map(({ severity }) => WEIGHTS[severity]);
    return 1 - Math.max(0, ...weights);
  });
  return (100 * kept.reduce((sum, share) => sum + share, 0)) / active.length;
}

/** The open findings about active entities. */
export function openEntries(entities: readonly WorldEntity[]): readonly WorldEntry[] {
  return entities.filter(({ active }) => active).flatMap(({ entries }) => entries.filter(isOpen));
}
