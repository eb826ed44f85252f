import type { EntityType } from '../../../../../src/domains/identity/rules/entities.ts';

/** A plain in-memory account of what reviews ought to do to production. */

export type Values = Readonly<Record<string, string | null>>;

interface Change {
  /** Null for one that came from outside. */
  readonly batchId: string | null;
  readonly before: Values;
  readonly after: Values;
  /** The place of the change that this one undoes. */
  readonly undoes: number | null;
  isUndone: boolean;
}

export interface ModelEntity {
  readonly id: string;
  readonly entityType: EntityType;
  values: Values;
  /** In the order in which they were made. */
  readonly changes: Change[];
}

/** A batch of the review, as the model needs to know it. */
export interface ModelBatch {
  readonly id: string;
  /** By entity, how many changes it had when the batch or who decided on it looked at it last. */
  readonly seen: Map<string, number>;
}

/** What a promotion finds to do, as people have decided it. */
export interface Decided {
  readonly records: readonly { readonly entityId: string; readonly wanted: Values }[];
  readonly merges: readonly { readonly survivorId: string; readonly loserIds: readonly string[] }[];
}

/** References come after what they refer to. */
const ORDER: readonly EntityType[] = ['contact', 'site', 'device'];

const REFERENCES = ['ownerId', 'siteId'] as const;

/** Production as it ought to be. */
export class ProductionModel {
  readonly entities = new Map<string, ModelEntity>();

  add(id: string, entityType: EntityType, values: Values): void {
    const start = { state: 'ACTIVE', mergedIntoId: null, ...values };
    this.entities.set(id, { id, entityType, values: start, changes: [] });
  }

  get(id: string): ModelEntity {
    const entity = this.entities.get(id);
    if (entity === undefined) throw new Error(`The model has no entity ${id}.`);
    return entity;
  }

  isActive(id: string): boolean {
    return this.get(id).values.state === 'ACTIVE';
  }

  /** Somebody changes an entity without a batch, which counts even where it changes nothing. */
  changeOutside(id: string, after: Values): void {
    this.#change(id, null, after, null);
  }

  /** Every entity as it is now. */
  audit(id: string): ModelBatch {
    const entities = [...this.entities.values()];
    return { id, seen: new Map(entities.map(({ id, changes }) => [id, changes.length])) };
  }

  /** Somebody decides on an entity as it is now. */
  look(batch: ModelBatch, id: string): void {
    batch.seen.set(id, this.get(id).changes.length);
  }

  /**
   * Applies what was decided.
   *
   * @returns the entities whose records are in conflict for it
   */
  promote(batch: ModelBatch, { records, merges }: Decided): readonly string[] {
    const conflicts: string[] = [];
    for (const { entityId, wanted } of records) {
      const { values } = this.get(entityId);
      const after = Object.fromEntries(
        Object.entries(wanted).filter(([field, value]) => (values[field] ?? null) !== value),
      );
      const isThere = this.isActive(entityId) && Object.keys(after).length === 0;
      if (isThere) continue;
      if (this.#isAsSeen(batch, entityId) && !this.#refersToLost(after)) {
        this.#change(entityId, batch, after, null);
      } else conflicts.push(entityId);
    }
    for (const { survivorId, loserIds } of merges) {
      if (conflicts.includes(survivorId)) continue;
      if ([survivorId, ...loserIds].every((id) => this.#isAsSeen(batch, id))) {
        this.#merge(batch, survivorId, loserIds);
      } else conflicts.push(survivorId);
    }
    return conflicts;
  }

  /** An archive batch does to an entity what it is for. */
  archive(batch: ModelBatch, id: string): void {
    this.#change(id, batch, { state: 'ARCHIVED' }, null);
  }

  /** Undoes what is not followed by anything that still holds, the newest first. */
  revert(batch: ModelBatch): void {
    for (const entityType of ORDER) {
      for (const entity of this.entities.values()) {
        if (entity.entityType === entityType) this.#revertEntity(batch, entity);
      }
    }
  }

  #revertEntity(batch: ModelBatch, entity: ModelEntity): void {
    const { changes } = entity;
    for (let place = changes.length - 1; place >= 0; place -= 1) {
      const change = changes[place];
      if (change === undefined || change.isUndone || change.undoes !== null) continue;
      if (change.batchId !== batch.id || this.#refersToLost(change.before)) return;
      this.#change(entity.id, batch, change.before, place);
      change.isUndone = true;
    }
  }

  #merge(batch: ModelBatch, survivorId: string, loserIds: readonly string[]): void {
    for (const entity of this.entities.values()) {
      for (const field of REFERENCES) {
        if (!loserIds.includes(entity.values[field] ?? '')) continue;
        this.#change(entity.id, batch, { [field]: survivorId }, null);
      }
    }
    for (const id of loserIds) {
      this.#change(id, batch, { state: 'MERGED', mergedIntoId: survivorId }, null);
    }
  }

  #change(id: string, batch: ModelBatch | null, after: Values, undoes: number | null): void {
    const entity = this.get(id);
    const before = Object.fromEntries(
      Object.keys(after).map((field) => [field, entity.values[field] ?? null]),
    );
    entity.changes.push({ batchId: batch?.id ?? null, before, after, undoes, isUndone: false });
    entity.values = { ...entity.values, ...after };
  }

  /**
   * Whether an entity is active and as a batch has seen it: all that has happened to it since was
   * undone again, or comes from the batch itself.
   */
  #isAsSeen(batch: ModelBatch, id: string): boolean {
    const seen = batch.seen.get(id) ?? 0;
    const since = this.get(id).changes.slice(seen);
    return (
      this.isActive(id) &&
      since.every(
        ({ batchId, isUndone, undoes }) =>
          batchId === batch.id || isUndone || (undoes !== null && undoes >= seen),
      )
    );
  }

  /** Whether values name an entity that is archived or merged. */
  #refersToLost(values: Values): boolean {
    return REFERENCES.some((field) => values[field] && !this.isActive(values[field]));
  }
}
