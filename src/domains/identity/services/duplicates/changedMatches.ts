import type { ClientBase } from 'pg';
import pg from 'pg';
import { copyOut } from '../../../../platform/postgres/copyOut.ts';
import { ENTITY_TABLES, selectFields } from '../../profiles/entityTables.ts';
import { readEntity } from '../../profiles/readEntity.ts';
import { duplicateRules } from '../../rules/catalogue.ts';
import { createMatcher } from '../matching/matcher.ts';
import { type MatchedType, RecordStore } from '../matching/recordStore.ts';
import { probabilityOf } from '../matching/scoring/probability.ts';
import { readMatchModel } from './matchModels.ts';
import { readNotDuplicates } from './notDuplicatePairs.ts';
import { UuidList } from './uuidList.ts';

/** Two entities that are probably the same; the first id is the smaller one. */
export interface MatchedEntities {
  readonly firstId: string;
  readonly secondId: string;
  /** From 0 to 1. */
  readonly probability: number;
}

/** Which entities are compared with the rest. */
export interface ChangedEntities {
  readonly workspaceId: string;
  readonly entityType: MatchedType;
  /** The ids of those that are new or changed. */
  readonly changedIds: ReadonlySet<string>;
  /** The least probability of a match, from 0 to 1. */
  readonly threshold: number;
}

/**
 * Compares entities that are new or changed with all active ones of their workspace, by the model that
 * the last audit has kept: the same pairs as comparing all by it, as far as they are about these. It
 * takes the processor for as long as it needs; most of that is to load the rest.
 *
 * @param client - in a transaction
 * @returns null where no audit has kept a model yet: then all are to be compared
 */
export async function findChangedMatches(
  client: ClientBase,
  { workspaceId, entityType, changedIds, threshold }: ChangedEntities,
): Promise<readonly MatchedEntities[] | null> {
  const model = await readMatchModel(client, workspaceId, entityType);
  if (model === null) return null;
  const apart = await readNotDuplicates(client, workspaceId, entityType);
  const { store, ids } = await loadActive(client, workspaceId, entityType);
  const changed = Uint8Array.from({ length: store.size }, (_, row) =>
    changedIds.has(ids.at(row)) ? 1 : 0,
  );
  const { pairs } = createMatcher(store, model).findMatches({ threshold, changed });
  return [...pairs.first].flatMap((first, at) => {
    const [firstId, secondId] = [ids.at(first), ids.at(pairs.second[at] ?? 0)];
    if (apart.get(firstId)?.includes(secondId)) return [];
    return [{ firstId, secondId, probability: probabilityOf(pairs.weight[at] ?? 0) }];
  });
}

async function loadActive(
  client: ClientBase,
  workspaceId: string,
  entityType: MatchedType,
): Promise<{ readonly store: RecordStore; readonly ids: UuidList }> {
  const fields = duplicateRules.find((rule) => rule.entityType === entityType)?.fields;
  const store = new RecordStore(entityType);
  const ids = new UuidList();
  await client.query(`SET LOCAL datestyle = 'ISO, YMD'`);
  const pages = copyOut(
    client,
    `SELECT id, ${selectFields(entityType, fields)} FROM ${ENTITY_TABLES[entityType]}
     WHERE workspace_id = ${pg.escapeLiteral(workspaceId)} AND state = 'ACTIVE' ORDER BY id`,
  );
  for await (const page of pages) {
    while (page.nextRow()) {
      ids.push(page.next());
      store.add(readEntity(entityType, page));
    }
  }
  return { store, ids };
}
