import type { ClientBase, Pool } from 'pg';
import sql from 'sql-template-tag';
import type { Logger } from '../../../../platform/logger.ts';
import { rehearse } from '../../../../platform/postgres/pool.ts';
import type { MatchKind } from '../../generated/prisma/enums.ts';
import { toCanonicalRow } from '../../profiles/formats/valueFormats.ts';
import { parseGivenFields } from '../../profiles/parseFields.ts';
import type { StagedRow } from '../../profiles/profile.ts';
import type { EntityType } from '../../rules/entities.ts';
import type { Severity } from '../../rules/rule.ts';
import { readRuleSet } from '../configuration/ruleSet.ts';
import { batchRules } from '../staging/batchRules.ts';
import { completeStep, rangeOf } from '../staging/batchSteps.ts';
import {
  fillBatch,
  type IngestStagedBatchInput,
  insertBatch,
} from '../staging/ingestionService.ts';
import { processRange } from '../staging/processRange.ts';
import { selectRecords } from '../staging/selectRecords.ts';
import { claimStagedBatch, type StagedBatch } from '../staging/stagedBatch.ts';
import type { Finding, StagedRecord } from '../staging/stagedRecords.ts';
import { typesAmong } from './matching/importedRows.ts';
import { refreshMatchKeysOf } from './matching/matchKeys.ts';

/** So many rows are shown; all of the sample are counted. */
const SHOWN_ROWS = 20;

/** What a rule says about a row of a preview. */
export type PreviewedFinding = Pick<
  Finding,
  | 'ruleId'
  | 'severity'
  | 'field'
  | 'message'
  | 'currentValue'
  | 'suggestedValue'
  | 'suggestionCertainty'
>;

/** A row of a file as a record that it would become. */
export interface PreviewedRow {
  readonly entityType: EntityType;
  /** As it would be kept: `line`, the fields as they came, and the rest under `unmapped`. */
  readonly rawData: StagedRow['rawData'];
  /** What it says of the entity, by field, as it was read; null where it can't be read. */
  readonly values: Readonly<Record<string, unknown>> | null;
  /** Why it can't be read; null where it can. */
  readonly problem: string | null;
  readonly findings: readonly PreviewedFinding[];
  /** What it is to production; null where it can't be read. */
  readonly match: MatchKind | null;
  /** The entity that it matches. */
  readonly entityId: string | null;
}

/** The first rows of a file, and counts over all that were looked at. */
export interface PreviewedRows {
  readonly rows: readonly PreviewedRow[];
  /** The counts are over so many rows, the first ones of the file. */
  readonly sampledRows: number;
  readonly records: readonly { readonly status: string; readonly count: number }[];
  /** How many of them are new, update what is there, and so on. */
  readonly matches: readonly { readonly match: MatchKind; readonly count: number }[];
  readonly findings: readonly {
    readonly ruleId: string;
    readonly severity: Severity;
    readonly count: number;
  }[];
}

interface PreviewInput extends Omit<IngestStagedBatchInput, 'rows'> {
  /** At least one. */
  readonly rows: readonly StagedRow[];
}

/** Stages and processes some rows as an import would, in a transaction that is rolled back. */
export async function previewRows(
  pool: Pool,
  logger: Logger,
  input: PreviewInput,
): Promise<PreviewedRows> {
  const ruleSet = await readRuleSet(pool, input.workspaceId);
  return rehearse(pool, async (client) => {
    const batchId = await insertBatch(client, input, ruleSet);
    const [step] = await fillBatch(client, { batchId, ruleSet, ...input });
    const batch = await claimStagedBatch(client, batchId, 1, ['QUEUED'], 'PROCESSING');
    if (batch === null || step === undefined) throw new Error('The preview was not staged.');
    await refreshKeys(client, batch);
    const result = await processRange(client, batch, step, logger);
    await completeStep(client, batchId, step, result, 'PROCESSING');
    return describe(await readRecords(client, batchId));
  });
}

/** They are as of the last import; here they are brought up to date for nobody else. */
async function refreshKeys(client: ClientBase, batch: StagedBatch): Promise<void> {
  const { context } = await batchRules(client, batch);
  for (const entityType of await typesAmong(client, batch.id, rangeOf(0))) {
    await refreshMatchKeysOf(client, { workspaceId: batch.workspaceId, entityType, context });
  }
}

async function readRecords(client: ClientBase, batchId: string): Promise<readonly StagedRecord[]> {
  const { rows } = await client.query<StagedRecord>(sql`
    WITH page AS (SELECT batch_id, row_index FROM staged_record WHERE batch_id = ${batchId})
    ${selectRecords} ORDER BY r.row_index`);
  return rows;
}

function describe(records: readonly StagedRecord[]): PreviewedRows {
  const statuses = Map.groupBy(records, ({ status }) => status);
  const matches = Map.groupBy(
    records.flatMap(({ matchKind }) => matchKind ?? []),
    (match) => match,
  );
  const findings = records.flatMap((record) => record.findings);
  const rules = Map.groupBy(findings, ({ ruleId }) => ruleId);
  return {
    rows: records.slice(0, SHOWN_ROWS).map(toPreviewedRow),
    sampledRows: records.length,
    records: [...statuses].map(([status, { length }]) => ({ status, count: length })),
    matches: [...matches].map(([match, { length }]) => ({ match, count: length })),
    findings: [...rules].flatMap(([ruleId, [first, ...others]]) =>
      first === undefined ? [] : [{ ruleId, severity: first.severity, count: others.length + 1 }],
    ),
  };
}

function toPreviewedRow(record: StagedRecord): PreviewedRow {
  const { entityType, rawData, formats, statusReason } = record;
  const isReadable = record.status !== 'INVALID';
  return {
    ...{ entityType, rawData },
    values: isReadable
      ? parseGivenFields(entityType, toCanonicalRow(entityType, rawData, formats))
      : null,
    problem: isReadable ? null : statusReason,
    findings: record.findings.map(toPreviewedFinding),
    match: record.matchKind,
    entityId: record.entityId,
  };
}

function toPreviewedFinding({
  ruleId,
  severity,
  field,
  message,
  currentValue,
  suggestedValue,
  suggestionCertainty,
}: Finding): PreviewedFinding {
  return { ruleId, severity, field, message, currentValue, suggestedValue, suggestionCertainty };
}
