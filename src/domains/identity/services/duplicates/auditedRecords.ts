import type { ClientBase } from 'pg';
import { loadAudited } from '../../profiles/auditedEntities.ts';
import type { FieldsByType } from '../../rules/entities.ts';
import type { DuplicateRule, RuleContext } from '../../rules/rule.ts';
import { type MatchedType, RecordStore } from '../matching/recordStore.ts';
import type { OnRuleFailure } from '../staging/findings.ts';
import { KeyHashes } from '../staging/keyHashes.ts';
import type { DuplicateSearch } from './duplicateSearch.ts';
import { ExactMatches } from './exactMatches.ts';
import { UuidList } from './uuidList.ts';

/** Rows that are looked at in one go. */
const PAGE_ROWS = 20_000;

/** The records of an audit that are compared. Their rows are those of the store, not of the batch. */
export class AuditedRecords {
  readonly store: RecordStore;
  readonly #ids = new UuidList();
  readonly #batchRows: number[] = [];
  /** By row of the batch, one more than the row here; 0 for rows that are not compared. */
  readonly #rows: Int32Array;

  constructor(type: MatchedType, endRow: number) {
    this.store = new RecordStore(type);
    this.#rows = new Int32Array(endRow);
  }

  /** Takes a record in, and returns its row. */
  add(batchRow: number, entityId: string, entity: FieldsByType[MatchedType]): number {
    const row = this.store.add(entity);
    this.#ids.push(entityId);
    this.#batchRows.push(batchRow);
    this.#rows[batchRow] = row + 1;
    return row;
  }

  entityId(row: number): string {
    return this.#ids.at(row);
  }

  batchRow(row: number): number {
    return this.#batchRows[row] ?? -1;
  }

  /** The row of a record of the batch, undefined where it is not compared. */
  rowOf(batchRow: number): number | undefined {
    const row = this.#rows[batchRow] ?? 0;
    return row === 0 ? undefined : row - 1;
  }
}

/** All that an audit has of one type. */
export interface LoadedRecords {
  readonly records: AuditedRecords;
  readonly exact: ExactMatches;
  /** By row, those that people said are not the same. */
  readonly apart: ReadonlyMap<number, ReadonlySet<number>>;
}

/**
 * Loads the records that are compared. Of all match keys only hashes are kept; the few rows that may
 * share one are read again, and compared key by key.
 *
 * @param notDuplicates - the ids that an id is known not to be the same as
 * @param onFailure - told of records on which the rule fails; they are not compared
 */
export async function loadAuditedRecords<T extends MatchedType>(
  client: ClientBase,
  search: DuplicateSearch,
  rule: DuplicateRule<T>,
  context: RuleContext,
  notDuplicates: ReadonlyMap<string, readonly string[]>,
  onFailure: OnRuleFailure,
): Promise<LoadedRecords> {
  const records = new AuditedRecords(rule.entityType, search.endRow);
  const hashes = new KeyHashes();
  const marked = new Map<string, number>();
  for (let firstRow = 0; firstRow < search.endRow; firstRow += PAGE_ROWS) {
    const page = { ...search, firstRow, endRow: firstRow + PAGE_ROWS };
    for await (const { records: loaded } of loadAudited(
      client,
      rule.entityType,
      page,
      rule.fields,
    )) {
      for (const record of loaded) {
        try {
          const keys = rule.matchKeys(record.entity, context);
          const row = records.add(record.rowIndex, record.entityId, record.entity);
          for (const { key } of keys) hashes.add(record.rowIndex, key);
          if (notDuplicates.has(record.entityId)) marked.set(record.entityId, row);
        } catch (error) {
          onFailure(rule.id, record, error);
        }
      }
    }
  }
  const exact = new ExactMatches();
  await visitAudited(client, search, rule, hashes.candidates(), ({ rowIndex, entity }) => {
    const row = records.rowOf(rowIndex);
    if (row !== undefined) exact.add(row, rule.matchKeys(entity, context));
  });
  return { records, exact, apart: apartRows(marked, notDuplicates) };
}

/** Reads some rows of a batch again, in their order. */
export async function visitAudited<T extends MatchedType>(
  client: ClientBase,
  { batchId, workspaceId }: DuplicateSearch,
  { entityType, fields }: DuplicateRule<T>,
  batchRows: readonly number[],
  visit: (record: {
    readonly rowIndex: number;
    readonly entityId: string;
    readonly entityVersion: number;
    readonly entity: FieldsByType[T];
  }) => void | Promise<void>,
): Promise<void> {
  for (let first = 0; first < batchRows.length; first += PAGE_ROWS) {
    const rowIndexes = batchRows.slice(first, first + PAGE_ROWS);
    const pages = loadAudited(client, entityType, { batchId, workspaceId, rowIndexes }, fields);
    for await (const { records } of pages) {
      for (const record of records) await visit(record);
    }
  }
}

function apartRows(
  marked: ReadonlyMap<string, number>,
  notDuplicates: ReadonlyMap<string, readonly string[]>,
): ReadonlyMap<number, ReadonlySet<number>> {
  return new Map(
    [...marked].map(([id, row]) => {
      const others = notDuplicates.get(id) ?? [];
      return [row, new Set(others.flatMap((other) => marked.get(other) ?? []))];
    }),
  );
}
