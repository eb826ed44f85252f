import type { ClientBase, PoolClient } from 'pg';
import sql, { raw } from 'sql-template-tag';
import { ENTITY_TABLES } from '../../../../../src/domains/identity/profiles/entityTables.ts';
import type { EntityType } from '../../../../../src/domains/identity/rules/entities.ts';
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
  | { readonly act: 'setCountry'; readonly country: string | null }
  | { readonly act: 'waive'; readonly finding: number; readonly expires: boolean }
  | { readonly act: 'expireWaivers' };

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
  #late: PoolClient | null = null;

  constructor(testbed: IdentityTestbed, actorId: string, id: string) {
    this.#testbed = testbed;
    this.#actorId = actorId;
    this.id = id;
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
      case 'setCountry':
        await pool.query(
          sql`UPDATE workspace SET default_country = ${act.country} WHERE id = ${this.id}`,
        );
        return;
      case 'waive':
        return this.#waive(act.finding, act.expires);
      case 'expireWaivers':
        await pool.query(sql`
          UPDATE waiver SET expires_at = now() - interval '1 millisecond'
          WHERE workspace_id = ${this.id} AND expires_at > now()`);
    }
  }

  async audit(bed: BatchBed, mode: 'FULL' | 'INCREMENTAL'): Promise<void> {
    this.#audits.push(await bed.audit(this.id, mode));
    await this.commitLate();
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
    let text = JSON.stringify(rows.map(({ entry }) => entry));
    for (const [number, { id }] of this.#entities.entries())
      text = text.replaceAll(id, `E${number}`);
    for (const [number, id] of this.#audits.entries()) text = text.replaceAll(id, `A${number}`);
    return JSON.parse(text).sort(byText);
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

  /** Waives an open entry of the ledger, as somebody who reviews a batch that has it. */
  async #waive(number: number, expires: boolean): Promise<void> {
    const entries = (await this.ledger()).filter((entry) => Reflect.get(entry, 'open'));
    const entry = entries[number % entries.length];
    if (entry === undefined) return;
    const entity = this.#entities[Number(String(Reflect.get(entry, 'entity_id')).slice(1))];
    const { rule_id, rule_version, field, current_value } = Object.fromEntries(
      Object.entries(entry),
    );
    // A value that is an entity's id is not the same in both.
    if (/^E\d+$/.test(String(current_value))) return;
    await this.#testbed.runtime.pool.query(sql`
      INSERT INTO waiver (id, workspace_id, entity_type, entity_id, rule_id, rule_version, field,
        value, reason, expires_at, created_by_id)
      VALUES (gen_random_uuid(), ${this.id}, ${entity?.entityType}, ${entity?.id}, ${rule_id},
              ${rule_version}, ${field}, ${current_value}, 'Fine.',
              ${expires ? new Date(Date.now() + 3_600_000) : null}, ${this.#actorId})`);
  }
}

function byText(a: object, b: object): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}

/** What each type has, of that which is edited. */
const FIELDS: Readonly<Record<EntityType, object>> = {
  contact: { familyName: 1, givenName: 1, email: 1, phone: 1, birthDate: 1, country: 1, state: 1 },
  site: { name: 1, email: 1, phone: 1, country: 1, addressLine1: 1, state: 1 },
  device: { serialNumber: 1, macAddress: 1, installedOn: 1, state: 1 },
};
