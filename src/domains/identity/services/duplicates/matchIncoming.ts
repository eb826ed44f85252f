import type { ClientBase } from 'pg';
import pg from 'pg';
import { copyOut } from '../../../../platform/postgres/copyOut.ts';
import { ENTITY_TABLES, selectFields } from '../../profiles/entityTables.ts';
import { readEntity } from '../../profiles/readEntity.ts';
import { duplicateRules } from '../../rules/catalogue.ts';
import { createMatcher, DEFAULT_THRESHOLD, type Matcher } from '../matching/matcher.ts';
import { type MatchedFields, type MatchedType, RecordStore } from '../matching/recordStore.ts';
import { priorMatchModel } from '../matching/schema/priorModel.ts';
import { type DuplicateMatch, explainMatches, rankMatches } from './explainMatches.ts';
import { readMatchModel } from './matchModels.ts';
import { UuidList } from './uuidList.ts';

/** So many rows are compared at a time: each time, all entities are grouped anew, which takes seconds for a million. */
const ROWS_AT_A_TIME = 100_000;

/** A row that may be an entity that is there already. */
export interface IncomingRow {
  /** Tells it from the others, such as its number in the batch. */
  readonly rowIndex: number;
  /** As entities have them; what is missing may be left out. */
  readonly fields: MatchedFields;
}

/** A row with the entities that it probably is. */
export interface IncomingMatches {
  readonly rowIndex: number;
  /** At most ten, the surest first. */
  readonly matches: readonly DuplicateMatch[];
}

/** Which entities rows are compared with. */
export interface IncomingSearch {
  readonly workspaceId: string;
  readonly entityType: MatchedType;
  readonly rows: AsyncIterable<IncomingRow> | Iterable<IncomingRow>;
  /** The least probability of a match, from 0 to 1. */
  readonly threshold?: number;
}

/**
 * Finds which active entities of a workspace incoming rows probably are, by the model that the last
 * audit has kept, and by priors where there is none. Rows are not compared with each other. Those
 * that match nothing are left out; the others come in their order.
 *
 * It takes the processor for as long as it needs: to load and group the entities, some 15 µs each and
 * 400 bytes, and to compare the rows, some 10 µs each. For more than a few thousand of either, that
 * is a matter for a process of its own.
 *
 * @param client - in a transaction; it is in use until the first match comes, and free from then on
 */
export async function* matchIncoming(
  client: ClientBase,
  { workspaceId, entityType, rows, threshold = DEFAULT_THRESHOLD }: IncomingSearch,
): AsyncGenerator<IncomingMatches> {
  const kept = await readMatchModel(client, workspaceId, entityType);
  const { store, ids } = await loadActive(client, workspaceId, entityType);
  const model = priorMatchModel(entityType, ids.length);
  const populations = { ...model.populations, ...kept?.populations };
  const prepare = () => createMatcher(store, { ...model, populations });
  const matchAdded = (rowIndexes: readonly number[]) =>
    matchesOf(prepare(), { store, ids, rowIndexes, threshold });
  let added: number[] = [];
  for await (const { rowIndex, fields } of rows) {
    store.add(fields);
    added.push(rowIndex);
    if (added.length < ROWS_AT_A_TIME) continue;
    yield* matchAdded(added);
    store.truncate(ids.length);
    added = [];
  }
  if (added.length > 0) yield* matchAdded(added);
}

interface Added {
  /** The entities, and behind them the rows. */
  readonly store: RecordStore;
  readonly ids: UuidList;
  readonly rowIndexes: readonly number[];
  readonly threshold: number;
}

function* matchesOf(
  matcher: Matcher,
  { store, ids, rowIndexes, threshold }: Added,
): Generator<IncomingMatches> {
  const changed = new Uint8Array(store.size).fill(1, ids.length);
  const { pairs } = matcher.findMatches({ threshold, changed, acrossOnly: true });
  const entitiesOf = new Map<number, number[]>();
  for (const [at, row] of pairs.second.entries()) {
    // Entities stand before rows, so they come first in each pair.
    const entities = entitiesOf.get(row) ?? [];
    if (entities.length === 0) entitiesOf.set(row, entities);
    entities.push(pairs.first[at] ?? 0);
  }
  for (const [index, rowIndex] of rowIndexes.entries()) {
    const row = ids.length + index;
    const entities = entitiesOf.get(row);
    if (entities === undefined) continue;
    const ranked = rankMatches(matcher, row, entities);
    yield { rowIndex, matches: explainMatches(matcher, row, ranked, (other) => ids.at(other)) };
  }
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
