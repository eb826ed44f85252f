import { z } from 'zod';
import { type FindingState, HISTORY_FIELDS, historySchema } from './findingState.ts';
import type { GatewayClient } from './gatewayClient.ts';
import type { ReviewFilter } from './reviewFilter.ts';

const PAGE_SIZE = 200;

const RECORDS = /* GraphQL */ `
  query RecordsUnderReview(
    $id: ID!, $filter: StagedRecordFilter, $inConflict: Boolean!, $first: Int!, $after: String
  ) {
    stagedBatch(id: $id) {
      records(filter: $filter, first: $first, after: $after) {
        edges {
          node {
            rowIndex entityType status statusReason decision rawData
            entity { id externalId version }
            match { kind by candidates { entityId reason probability } }
            change @include(if: $inConflict) { before after }
            findings {
              ordinal ruleId severity field message currentValue suggestedValue suggestionCertainty
              editedValue decision version relatedEntityIds matches { entityId probability }
              ${HISTORY_FIELDS}
              presentValue @include(if: $inConflict)
            }
          }
        }
        pageInfo { endCursor hasNextPage }
      }
    }
  }
`;

const findingSchema = z.object({
  ordinal: z.number(),
  ruleId: z.string(),
  severity: z.string(),
  field: z.string(),
  message: z.string(),
  currentValue: z.string().nullable(),
  suggestedValue: z.string().nullable(),
  suggestionCertainty: z.string().nullable(),
  editedValue: z.string().nullable(),
  decision: z.string(),
  version: z.number(),
  relatedEntityIds: z.array(z.string()),
  matches: z.array(z.object({ entityId: z.string(), probability: z.number() })),
  ...historySchema,
  /** What production has; asked for where records are in conflict. */
  presentValue: z.string().nullable().optional(),
});

const matchSchema = z.object({
  kind: z.string(),
  by: z.string().nullable(),
  candidates: z.array(
    z.object({ entityId: z.string(), reason: z.string(), probability: z.number().nullable() }),
  ),
});

const recordSchema = z.object({
  rowIndex: z.number(),
  entityType: z.string(),
  status: z.string(),
  statusReason: z.string().nullable(),
  decision: z.string().nullable(),
  /** The row as it came. */
  rawData: z.looseObject({ externalId: z.unknown().optional() }),
  entity: z
    .object({ id: z.string(), externalId: z.string().nullable(), version: z.number() })
    .nullable(),
  /** What an imported row is to production. */
  match: matchSchema.nullable(),
  findings: z.array(findingSchema),
  /** What its promotion would change; asked for where records are in conflict. */
  change: z
    .object({
      before: z.record(z.string(), z.unknown()).nullable(),
      after: z.record(z.string(), z.unknown()).nullable(),
    })
    .optional(),
});

/** A record and those of its findings that are asked for. */
export type ReviewedRecord = z.infer<typeof recordSchema>;

const pageShape = z.object({
  stagedBatch: z.object({
    records: z.object({
      edges: z.array(z.object({ node: recordSchema })),
      pageInfo: z.object({ endCursor: z.string().nullable(), hasNextPage: z.boolean() }),
    }),
  }),
});

/** What is listed: what a filter selects, and of that what stood so in the ledger. */
export interface ListFilter extends ReviewFilter {
  readonly state?: FindingState;
}

/** Streams the records that a filter selects, page by page; those under review where it names no status. */
export async function* readRecords(
  gateway: GatewayClient,
  batchId: string,
  filter: ListFilter,
): AsyncGenerator<ReviewedRecord> {
  const { recordStatus, field: _field, state: _state, ...shared } = filter;
  const variables = {
    id: batchId,
    filter: { ...shared, ...statusOf(filter) },
    inConflict: recordStatus === 'CONFLICT',
    first: PAGE_SIZE,
  };
  let after: string | null = null;
  for (let more = true; more; ) {
    const page: z.infer<typeof pageShape> = await gateway.query(
      RECORDS,
      { ...variables, after },
      pageShape,
    );
    const { edges, pageInfo } = page.stagedBatch.records;
    for (const { node } of edges) {
      const record = withFindings(node, filter);
      if (record !== null) yield record;
    }
    after = pageInfo.endCursor;
    more = pageInfo.hasNextPage;
  }
}

/** Rows of one match are listed whatever their status, as unchanged ones need no review. */
function statusOf({ recordStatus, match }: ReviewFilter): { readonly status?: string } {
  if (recordStatus !== undefined) return { status: recordStatus };
  return match === undefined ? { status: 'NEEDS_REVIEW' } : {};
}

/** The record with the findings meant, of those under review the open ones; null where it has none. */
function withFindings(record: ReviewedRecord, filter: ListFilter): ReviewedRecord | null {
  const { ruleId, severity, field, recordStatus, state } = filter;
  const findings = record.findings.filter(
    (finding) =>
      (ruleId === undefined || finding.ruleId === ruleId) &&
      (severity === undefined || finding.severity === severity) &&
      (field === undefined || finding.field === field) &&
      (state === undefined || finding.state === state) &&
      (recordStatus !== undefined || finding.decision === 'OPEN'),
  );
  const ofFinding = ruleId ?? severity ?? field ?? state;
  return findings.length > 0 || ofFinding === undefined ? { ...record, findings } : null;
}
