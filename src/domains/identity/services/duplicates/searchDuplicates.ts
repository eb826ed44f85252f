import type { ClientBase } from 'pg';
import { encodeCopyRow, encodeJson } from '../../../../platform/postgres/copy.ts';
import type { DuplicateRule, RuleContext, RuleParameter } from '../../rules/rule.ts';
import { parameterValue } from '../../rules/rule.ts';
import type { Matcher } from '../matching/matcher.ts';
import { createMatcher } from '../matching/matcher.ts';
import type { MatchModel } from '../matching/model.ts';
import type { MatchedType } from '../matching/recordStore.ts';
import { type BatchRules, batchRules } from '../staging/batchRules.ts';
import { NAMED_DUPLICATES } from '../staging/duplicateFindings.ts';
import { type OnRuleFailure, RULE_FAILED, ruleFailed } from '../staging/findings.ts';
import { type LoadedRecords, loadAuditedRecords, visitAudited } from './auditedRecords.ts';
import { clusterRecords } from './clusterRecords.ts';
import { duplicateMessage } from './duplicateMessage.ts';
import {
  type DuplicateSearch,
  findingTableOf,
  type MatchRuleKey,
  matchRuleOf,
} from './duplicateSearch.ts';
import { explainMatches, rankMatches, strongestField } from './explainMatches.ts';
import { type KnownDuplicate, rowsToCompare, visitKnown } from './knownDuplicates.ts';
import { matchesReached } from './matchesReached.ts';
import { type MatchingDetails, matchingDetails } from './matchingDetails.ts';
import { readNotDuplicates } from './notDuplicatePairs.ts';
import { othersOf, type RowGroup } from './rowGroup.ts';
import { searchExtent } from './searchExtent.ts';
import { PROBABLE_MATCHES } from './searchIncoming.ts';

/** Where the rows of a search go. */
export function duplicateFindings(search: DuplicateSearch): string {
  if (search.incoming) return PROBABLE_MATCHES;
  return `${findingTableOf(search)} (batch_id, row_index, ordinal, rule_id, rule_version,
    entity_type, entity_id, entity_version, severity, field, message, current_value,
    related_entity_ids, related_count, explanation)`;
}

/** What a search in a process of its own has come to. */
export interface SearchFound {
  /** How many rows it has emitted. */
  readonly findingCount: number;
  /** Null where rows of an import were looked for. */
  readonly details: MatchingDetails | null;
  readonly model: MatchModel | null;
}

/** What a search for duplicates has come to. */
export interface DuplicatesFound extends SearchFound {
  readonly details: MatchingDetails;
  /** What was learnt; null where it went by what an audit before had learnt. */
  readonly model: MatchModel | null;
}

/** Gets a row of {@link duplicateFindings}, in COPY's text format. */
export type EmitRow = (row: string) => void | Promise<void>;

/**
 * Finds the records of an audit that are the same, exactly or probably. It takes the processor for as
 * long as it needs, and under a kilobyte for each record.
 *
 * @param client - in a transaction
 */
export async function searchDuplicates(
  client: ClientBase,
  search: DuplicateSearch,
  onFailure: OnRuleFailure,
  emit: EmitRow,
): Promise<DuplicatesFound> {
  const { batchId: id, workspaceId, trial } = search;
  const rules = await batchRules(client, { id, workspaceId }, trial);
  const rule = matchRuleOf(search, rules);
  return rule.entityType === 'contact'
    ? searchDuplicatesOf(client, search, rule, rules, onFailure, emit)
    : searchDuplicatesOf(client, search, rule, rules, onFailure, emit);
}

async function searchDuplicatesOf<T extends MatchedType>(
  client: ClientBase,
  search: DuplicateSearch,
  rule: DuplicateRule<T> & { readonly threshold: RuleParameter },
  { context }: BatchRules,
  onFailure: OnRuleFailure,
  emit: EmitRow,
): Promise<DuplicatesFound> {
  const began = performance.now();
  const failures: string[] = [];
  const fail: OnRuleFailure = (ruleId, record, error) => {
    onFailure(ruleId, record, error);
    failures.push(encodeFailure(search, rule, record));
  };
  const { model: kept, fullReason } = await searchExtent(client, search, rule);
  const loaded = await loadRecords(client, search, rule, context, fail);
  const matcher = createMatcher(loaded.records.store, kept ?? undefined);
  const threshold = parameterValue(context, rule.threshold);
  const { matches, touched } =
    kept === null
      ? { matches: matcher.findMatches({ threshold }), touched: undefined }
      : matchesReached(
          matcher,
          loaded,
          threshold,
          await rowsToCompare(client, search, rule, loaded),
        );
  const { clusterCount, matchesOf } = clusterRecords(matcher, matches.pairs, loaded, touched);
  const found = { search, rule, loaded, matcher, matchesOf, fail };
  let findingCount = 0;
  const emitFound = async (row: string): Promise<void> => {
    findingCount += 1;
    await emit(row);
  };
  const batchRows = rowsWithOthers(loaded, matchesOf, touched).map((row) =>
    loaded.records.batchRow(row),
  );
  await visitAudited(client, search, rule, batchRows, async (record) => {
    const row = encodeOrFail(found, record);
    if (row !== null) await emitFound(row);
  });
  if (touched !== undefined) {
    await visitKnown(client, search, rule, async (known) => {
      const row = loaded.records.rowOf(known.rowIndex);
      if (row !== undefined && touched[row] !== 1)
        await emitFound(encodeKnown(search, rule, known));
    });
  }
  for (const row of failures) await emitFound(row);
  const { model } = matcher;
  const comparedRecords = touched?.reduce((sum, isTouched) => sum + isTouched, 0) ?? null;
  const seconds = (performance.now() - began) / 1_000;
  const sums = { clusterCount, comparedRecords, fullReason, seconds };
  return {
    findingCount,
    model: kept === null ? model : null,
    details: matchingDetails({ matches, model, threshold, ...sums }),
  };
}

async function loadRecords<T extends MatchedType>(
  client: ClientBase,
  search: DuplicateSearch,
  rule: DuplicateRule<T>,
  context: RuleContext,
  onFailure: OnRuleFailure,
): Promise<LoadedRecords> {
  const apart = await readNotDuplicates(client, search.workspaceId, rule.entityType);
  return loadAuditedRecords(client, search, rule, context, apart, onFailure);
}

function rowsWithOthers(
  { exact }: LoadedRecords,
  matchesOf: ReadonlyMap<number, RowGroup>,
  touched: Uint8Array | undefined,
): readonly number[] {
  const shared = exact.rows().filter((row) => touched === undefined || touched[row] === 1);
  return [...new Set([...shared, ...matchesOf.keys()])].sort((a, b) => a - b);
}

/** All that findings are made of. */
interface Found<T extends MatchedType> {
  readonly search: DuplicateSearch;
  readonly rule: DuplicateRule<T>;
  readonly loaded: LoadedRecords;
  readonly matcher: Matcher;
  readonly matchesOf: ReadonlyMap<number, RowGroup>;
  readonly fail: OnRuleFailure;
}

interface RecordKeys {
  readonly rowIndex: number;
  readonly entityId: string | null;
  readonly entityVersion: number | null;
}

type FindingRule = Pick<DuplicateRule<MatchedType>, 'id' | 'version' | 'severity'>;

const NOBODY: ReadonlySet<number> = new Set();

/** One record on which it fails does not end the search. */
function encodeOrFail<T extends MatchedType>(
  found: Found<T>,
  record: RecordKeys & { readonly entity: object },
): string | null {
  try {
    return encodeDuplicate(found, record);
  } catch (error) {
    found.fail(found.rule.id, record, error);
    return null;
  }
}

/** @returns null where people said that none of the others is the same */
function encodeDuplicate<T extends MatchedType>(
  { search, rule, loaded, matcher, matchesOf }: Found<T>,
  record: RecordKeys & { readonly entity: object },
): string | null {
  const { records, exact } = loaded;
  const row = records.rowOf(record.rowIndex);
  if (row === undefined) return null;
  const apart = loaded.apart.get(row) ?? NOBODY;
  const shared = exact.of(row).filter(({ group }) => othersOf(row, [group], apart, 1).count > 0);
  const matched = matchesOf.get(row);
  const exactGroups = shared.map(({ group }) => group);
  const all = othersOf(
    row,
    matched ? [...exactGroups, matched] : exactGroups,
    apart,
    NAMED_DUPLICATES,
  );
  if (all.count === 0) return null;
  const exactCount = othersOf(row, exactGroups, apart, 0).count;
  const ranked = rankMatches(matcher, row, all.rows);
  const matches = explainMatches(matcher, row, ranked, (other) => records.entityId(other));
  const probable = ranked.find((other) => !exactGroups.some((group) => group.has(other.row)));
  const field = shared[0]?.field ?? strongestField(rule.entityType, record.entity, matches[0]);
  const value: unknown = Reflect.get(record.entity, field) ?? null;
  return encodeCopyRow([
    ...finding(search, rule, record, rule),
    field,
    duplicateMessage({
      entityType: rule.entityType,
      labels: shared.map(({ label }) => label),
      exactCount,
      probableCount: all.count - exactCount,
      probability: probable?.probability ?? null,
    }),
    value === null ? null : String(value),
    all.rows.map((other) => records.entityId(other)),
    all.count,
    encodeJson(matches),
  ]);
}

/** Why they are the same is told by the audit that found it: here it is left out as persisting. */
function encodeKnown(
  search: DuplicateSearch,
  rule: FindingRule & MatchRuleKey,
  known: KnownDuplicate,
): string {
  const { field, message, currentValue, related, relatedCount } = known;
  const keys = finding(search, rule, known, rule);
  return encodeCopyRow([...keys, field, message, currentValue, related, relatedCount, null]);
}

function encodeFailure(
  search: DuplicateSearch,
  rule: FindingRule & MatchRuleKey,
  record: RecordKeys,
): string {
  const { field, message } = ruleFailed(rule.id);
  const keys = finding(search, rule, record, RULE_FAILED);
  return encodeCopyRow([...keys, field, message, null, [], 0, null]);
}

/** The columns that come first. */
function finding(
  { batchId, ordinal }: DuplicateSearch,
  { entityType }: { readonly entityType: MatchedType },
  { rowIndex, entityId, entityVersion }: RecordKeys,
  { id, version, severity }: FindingRule,
) {
  return [batchId, rowIndex, ordinal, id, version, entityType, entityId, entityVersion, severity];
}
