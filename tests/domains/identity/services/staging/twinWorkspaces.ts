import type { ClientBase, PoolClient } from 'pg';
import sql, { raw, type Sql } from 'sql-template-tag';
import type { AuditMode } from '../../../../../src/domains/identity/generated/prisma/enums.ts';
import { ENTITY_TABLES } from '../../../../../src/domains/identity/profiles/entityTables.ts';
import type { EntityType } from '../../../../../src/domains/identity/rules/entities.ts';
import { discriminatorOf } from '../../../../../src/domains/identity/services/ledger/ledgerKey.ts';
import { decideFindings } from '../../../../../src/domains/identity/services/review/decideFindings.ts';
import { createAuditRunnerService } from '../../../../../src/domains/identity/services/staging/auditRunnerService.ts';
import type { BatchBed } from '../../support/batchBed.ts';
import { setFields } from '../../support/changes.ts';
import type { IdentityTestbed } from '../../support/identityTestbed.ts';

export type Fields = Readonly<Record<string, string | null>>;

/** What is done to both of two workspaces; entities are known by their number in the order of creation. */
export type Act =
  | { readonly act: 'add'; readonly entityType: EntityType; readonly fields: Fields }
  | { readonly act: 'edit' | 'editLate'; readonly entity: number; readonly fields: Fields }
  | { readonly act: 'archive' | 'restore'; readonly entity: number }
  | { readonly act: 'merge'; readonly entity: number; readonly into: number }
  | { readonly act: 'refer'; readonly entity: number; readonly to: number }
  | {
      readonly act: 'setRule';
      readonly ruleId: string;
      readonly enabled: boolean | null;
      readonly severity: 'ERROR' | null;
    }
  | { readonly act: 'setThreshold'; readonly threshold: number }
  | { readonly act: 'setCountry'; readonly country: string | null }
  | { readonly act: 'waive'; readonly finding: number; readonly expires: boolean }
  | { readonly act: 'expireWaivers' }
  | OnlyIncremental;

/** What becomes of batches makes no difference to audits that find everything anew. */
type OnlyIncremental =
  | { readonly act: 'cancel'; readonly audit: number }
  | { readonly act: 'thinEnded' };

/** What a batch says of an entity, or the ledger; entities by their numbers. */
export interface TwinFinding {
  readonly key: string;
  readonly decision: string;
}

interface Entity {
  readonly id: string;
  readonly entityType: EntityType;
}

/** A workspace to which the same is done as to its twin. */
export class TwinWorkspace {
  readonly #testbed: IdentityTestbed;
  readonly #actorId: string;
  readonly id: string;
  readonly #entities: Entity[] = [];
  readonly #audits: string[] = [];
  readonly #mode: AuditMode;
  #late: PoolClient | null = null;

  constructor(testbed: IdentityTestbed, actorId: string, id: string, mode: AuditMode) {
    this.#testbed = testbed;
    this.#actorId = actorId;
    this.id = id;
    this.#mode = mode;
  }

  async do(act: Act): Promise<void> {
    const { pool } = this.#testbed.runtime;
    switch (act.act) {
      case 'add': {
        const { entityType, fields } = act;
        const id = await this.#testbed.createEntity(this.id, entityType, fields);
        this.#entities.push({ id, entityType });
        return;
      }
      case 'edit':
        return this.#set(pool, this.#entity(act.entity), act.fields);
      case 'editLate':
        return this.#set(await this.#lateTransaction(), this.#entity(act.entity), act.fields);
      case 'archive':
        return this.#set(pool, this.#entity(act.entity), { state: 'ARCHIVED' });
      case 'restore':
        return this.#set(pool, this.#entity(act.entity), { state: 'ACTIVE' });
      case 'merge':
        return this.#merge(this.#entity(act.entity), this.#entity(act.into));
      case 'refer':
        return this.#refer(this.#entity(act.entity), this.#entity(act.to));
      case 'setRule':
        await pool.query(sql`
          INSERT INTO rule_setting (workspace_id, rule_id, enabled, severity)
          VALUES (${this.id}, ${act.ruleId}, ${act.enabled}, ${act.severity})
          ON CONFLICT (workspace_id, rule_id) DO UPDATE
          SET enabled = excluded.enabled, severity = excluded.severity`);
        return;
      case 'setThreshold':
        await pool.query(sql`
          INSERT INTO rule_setting (workspace_id, rule_id, parameters)
          VALUES (${this.id}, 'contact.duplicate',
                  jsonb_build_object('contact.duplicate.threshold', ${act.threshold}::float8))
          ON CONFLICT (workspace_id, rule_id) DO UPDATE SET parameters = excluded.parameters`);
        return;
      case 'setCountry':
        await pool.query(
          sql`UPDATE workspace SET default_country = ${act.country} WHERE id = ${this.id}`,
        );
        return;
      case 'waive':
        return this.#waive(act.finding, act.expires);
      case 'expireWaivers':
        // Not in the millisecond in which the next audit begins: that is for the one after it.
        return this.#expireWaivers(sql`clock_timestamp() - interval '1 millisecond'`);
      case 'cancel':
        return this.#mode === 'FULL' ? undefined : this.#cancel(act.audit);
      case 'thinEnded':
        return this.#mode === 'FULL' ? undefined : this.#thinEnded();
    }
  }

  async audit(bed: BatchBed): Promise<void> {
    this.#audits.push(await bed.audit(this.id, this.#mode));
    await this.commitLate();
  }

  /** An audit whose snapshot has been taken when the waivers expire, and which is not there yet. */
  async auditWhileWaiversExpire(): Promise<void> {
    const { ingestion, pool } = this.#testbed.runtime;
    const { triggerDataAudit } = createAuditRunnerService({
      snapshotPool: pool,
      ingestStagedBatch: async (input) => {
        await this.#expireWaivers(sql`clock_timestamp()`);
        return ingestion.ingestStagedBatch(input);
      },
    });
    const { batch } = await triggerDataAudit({
      ...{ workspaceId: this.id, createdBy: this.#actorId, mode: this.#mode },
    });
    await this.#testbed.untilResting(batch.id);
    this.#audits.push(batch.id);
  }

  /** Ends what began before the audit. */
  async commitLate(): Promise<void> {
    const late = this.#late;
    this.#late = null;
    if (late === null) return;
    await late.query('COMMIT');
    late.release();
  }

  /**
   * All that the ledger has, in words that don't differ between the twins: entities and audits by their
   * numbers.
   */
  async ledger(): Promise<readonly object[]> {
    const { rows } = await this.#testbed.runtime.pool.query<{ entry: object }>(sql`
      SELECT to_jsonb(e) - 'workspace_id' - 'first_seen_at' - 'last_seen_at' - 'resolved_at'
        || jsonb_build_object('waived', EXISTS (
          SELECT FROM waiver w
          WHERE w.workspace_id = e.workspace_id AND w.entity_id = e.entity_id
            AND w.rule_id = e.rule_id AND w.rule_version = e.rule_version AND w.field = e.field
            AND w.value IS NOT DISTINCT FROM e.current_value AND w.revoked_at IS NULL
            AND (w.expires_at IS NULL OR w.expires_at > now()))) AS entry
      FROM ledger_entry e WHERE workspace_id = ${this.id}
      ORDER BY entity_id, rule_id, field, discriminator`);
    return JSON.parse(this.#inNumbers(rows.map(({ entry }) => entry))).sort(byText);
  }

  /** What the last audit has put before reviewers, or has kept from them as waived. */
  lastFindings(): Promise<readonly TwinFinding[]> {
    return this.#findings(sql`b.id = ${this.#audits.at(-1)}`);
  }

  /** What reviewers have to decide on, in any batch. */
  findingsUnderReview(): Promise<readonly TwinFinding[]> {
    return this.#findings(sql`b.status = 'READY_FOR_REVIEW' AND f.decision = 'OPEN'`);
  }

  /** What the last audit has found the data to be worth, by type. */
  async lastScores(): Promise<readonly object[]> {
    const { rows } = await this.#testbed.runtime.pool.query(sql`
      SELECT entity_type, score, entity_count FROM quality_score
      WHERE batch_id = ${this.#audits.at(-1)} ORDER BY entity_type`);
    return rows;
  }

  async #findings(condition: Sql): Promise<readonly TwinFinding[]> {
    const { rows } = await this.#testbed.runtime.pool.query<{ key: object; decision: string }>(sql`
      SELECT jsonb_build_array(f.entity_id, f.rule_id, f.field, ${discriminatorOf(sql`f`)},
               f.current_value) AS key, f.decision
      FROM finding f JOIN staged_batch b ON b.id = f.batch_id
      WHERE b.workspace_id = ${this.id} AND ${condition}`);
    return rows.map(({ key, decision }) => ({ key: this.#inNumbers(key), decision }));
  }

  /** JSON in which entities and audits are known by their numbers. */
  #inNumbers(value: unknown): string {
    const numbers = new Map([
      ...this.#entities.map(({ id }, number) => [id, `E${number}`] as const),
      ...this.#audits.map((id, number) => [id, `A${number}`] as const),
    ]);
    return JSON.stringify(value).replaceAll(UUID, (id) => numbers.get(id) ?? id);
  }

  #entity(number: number): Entity {
    // The first one stays as it is, so that there is always something to audit.
    const entity = this.#entities[1 + (number % (this.#entities.length - 1))];
    if (entity === undefined) throw new Error('There are not enough entities yet.');
    return entity;
  }

  async #set(client: Pick<ClientBase, 'query'>, { id, entityType }: Entity, fields: Fields) {
    const known = Object.entries(fields).filter(([field]) => field in FIELDS[entityType]);
    if (known.length === 0) return;
    await setFields(client, entityType, id, Object.fromEntries(known));
  }

  async #lateTransaction(): Promise<PoolClient> {
    if (this.#late === null) {
      this.#late = await this.#testbed.runtime.pool.connect();
      await this.#late.query('BEGIN');
    }
    return this.#late;
  }

  async #merge(loser: Entity, survivor: Entity): Promise<void> {
    if (loser.entityType !== survivor.entityType || loser.id === survivor.id) return;
    await this.#testbed.runtime.pool.query(sql`
      UPDATE ${raw(ENTITY_TABLES[loser.entityType])}
      SET state = 'MERGED', merged_into_id = ${survivor.id} WHERE id = ${loser.id}`);
  }

  async #refer(from: Entity, to: Entity): Promise<void> {
    const { pool } = this.#testbed.runtime;
    if (from.entityType === 'site' && to.entityType === 'contact') {
      await setFields(pool, 'site', from.id, { ownerId: to.id });
    }
    if (from.entityType === 'device' && to.entityType === 'site') {
      await setFields(pool, 'device', from.id, { siteId: to.id });
    }
  }

  async #expireWaivers(at: Sql): Promise<void> {
    await this.#testbed.runtime.pool.query(sql`
      UPDATE waiver SET expires_at = ${at}
      WHERE workspace_id = ${this.id} AND expires_at > clock_timestamp()`);
  }

  /** Cancels one of the audits that wait for review. */
  async #cancel(number: number): Promise<void> {
    const { pool, lifecycle } = this.#testbed.runtime;
    const { rows } = await pool.query<{ id: string }>(sql`
      SELECT id FROM staged_batch
      WHERE workspace_id = ${this.id} AND status = 'READY_FOR_REVIEW' ORDER BY id DESC`);
    const batch = rows[number % rows.length];
    if (batch !== undefined) await lifecycle.cancelStagedBatch(batch.id);
  }

  /** Has retention delete what has ended. */
  async #thinEnded(): Promise<void> {
    const { pool, retention } = this.#testbed.runtime;
    const keepFor = (days: number | null) =>
      pool.query(sql`UPDATE workspace SET retention_days = ${days} WHERE id = ${this.id}`);
    await pool.query(sql`
      UPDATE staged_batch SET finished_at = finished_at - interval '2 days'
      WHERE workspace_id = ${this.id} AND finished_at IS NOT NULL`);
    await keepFor(1);
    await retention.thinOldBatches();
    await keepFor(null);
  }

  /** Waives an open entry of the ledger where it is under review; otherwise as somebody who had done so before. */
  async #waive(number: number, expires: boolean): Promise<void> {
    const entries = (await this.ledger()).filter(
      (entry) => Reflect.get(entry, 'open') && !Reflect.get(entry, 'waived'),
    );
    const entry = entries[number % entries.length];
    if (entry === undefined) return;
    const entity = this.#entities[Number(String(Reflect.get(entry, 'entity_id')).slice(1))];
    const { rule_id, rule_version, field, current_value } = Object.fromEntries(
      Object.entries(entry),
    );
    // A value that is an entity's id is not the same in both.
    if (/^E\d+$/.test(String(current_value))) return;
    const expiresAt = expires ? new Date(Date.now() + 3_600_000) : null;
    const { pool } = this.#testbed.runtime;
    const { rows } = await pool.query<FindingPlace>(sql`
      SELECT f.batch_id AS "batchId", f.row_index AS "rowIndex", f.ordinal
      FROM finding f JOIN staged_batch b ON b.id = f.batch_id
      WHERE b.workspace_id = ${this.id} AND b.status = 'READY_FOR_REVIEW' AND f.decision = 'OPEN'
        AND f.entity_id = ${entity?.id} AND f.rule_id = ${rule_id}
        AND f.rule_version = ${rule_version} AND f.field = ${field}
        AND f.current_value IS NOT DISTINCT FROM ${current_value}
      ORDER BY b.id DESC LIMIT 1`);
    if (rows[0] !== undefined) {
      const { batchId, ...place } = rows[0];
      await decideFindings(pool, {
        ...{ batchId, actorId: this.#actorId, decision: 'WAIVED', comment: null },
        selection: { keys: [{ ...place, version: null, value: null }] },
        waiver: { reason: 'Fine.', expiresAt },
      });
      return;
    }
    await pool.query(sql`
      INSERT INTO waiver (id, workspace_id, entity_type, entity_id, rule_id, rule_version, field,
        value, reason, expires_at, created_by_id)
      VALUES (gen_random_uuid(), ${this.id}, ${entity?.entityType}, ${entity?.id}, ${rule_id},
              ${rule_version}, ${field}, ${current_value}, 'Fine.', ${expiresAt}, ${this.#actorId})`);
  }
}

interface FindingPlace {
  readonly batchId: string;
  readonly rowIndex: number;
  readonly ordinal: number;
}

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

function byText(a: object, b: object): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}

/** What each type has, of that which is edited. */
const FIELDS: Readonly<Record<EntityType, object>> = {
  contact: { familyName: 1, givenName: 1, email: 1, phone: 1, birthDate: 1, country: 1, state: 1 },
  site: { name: 1, email: 1, phone: 1, country: 1, addressLine1: 1, state: 1 },
  device: { serialNumber: 1, macAddress: 1, installedOn: 1, state: 1 },
};
