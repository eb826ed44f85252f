import { z } from 'zod';
import { type FindingState, HISTORY_FIELDS, historySchema } from './findingState.ts';
import type { GatewayClient } from './gatewayClient.ts';

const PAGE_SIZE = 500;

const FINDINGS = /* GraphQL */ `
  query Findings($id: ID!, $filter: FindingFilter, $first: Int!, $after: String) {
    stagedBatch(id: $id) {
      findings(filter: $filter, first: $first, after: $after) {
        edges {
          node {
            entityType entityId externalId ruleId severity field message currentValue suggestedValue
            suggestionCertainty
            relatedEntityIds
            relatedEntities { externalId }
            matches { entityId probability weight prior contributions { field level weight } }
            ${HISTORY_FIELDS}
          }
        }
        pageInfo { endCursor hasNextPage }
      }
    }
  }
`;

const nodeSchema = z.object({
  entityType: z.string(),
  entityId: z.string().nullable(),
  externalId: z.string().nullable(),
  ruleId: z.string(),
  severity: z.string(),
  field: z.string(),
  message: z.string(),
  currentValue: z.string().nullable(),
  suggestedValue: z.string().nullable(),
  suggestionCertainty: z.string().nullable(),
  relatedEntityIds: z.array(z.string()),
  relatedEntities: z.array(z.object({ externalId: z.string().nullable() }).nullable()),
  matches: z.array(
    z.object({
      entityId: z.string(),
      probability: z.number(),
      weight: z.number(),
      prior: z.number(),
      contributions: z.array(
        z.object({ field: z.string(), level: z.string(), weight: z.number() }),
      ),
    }),
  ),
  ...historySchema,
});

const pageShape = z.object({
  stagedBatch: z.object({
    findings: z.object({
      edges: z.array(z.object({ node: nodeSchema })),
      pageInfo: z.object({ endCursor: z.string().nullable(), hasNextPage: z.boolean() }),
    }),
  }),
});

/** A finding as it is exported. */
export interface FindingRow extends Omit<z.infer<typeof nodeSchema>, 'relatedEntities'> {
  /** Each at the place of its id; null for an entity that has none, or is gone. */
  readonly relatedExternalIds: readonly (string | null)[];
}

/** Streams the findings of a batch, all or those in a state of the ledger, page by page. */
export async function* readFindings(
  gateway: GatewayClient,
  batchId: string,
  state: FindingState | null,
): AsyncGenerator<FindingRow> {
  const variables = { id: batchId, filter: { state }, first: PAGE_SIZE };
  let after: string | null = null;
  for (let more = true; more; ) {
    const { edges, pageInfo } = await readPage(gateway, { ...variables, after });
    for (const { node } of edges) yield toRow(node);
    after = pageInfo.endCursor;
    more = pageInfo.hasNextPage;
  }
}

type Page = z.infer<typeof pageShape>['stagedBatch']['findings'];

async function readPage(gateway: GatewayClient, variables: object): Promise<Page> {
  return (await gateway.query(FINDINGS, variables, pageShape)).stagedBatch.findings;
}

function toRow({ relatedEntities, ...node }: z.infer<typeof nodeSchema>): FindingRow {
  return {
    ...node,
    entityType: node.entityType.toLowerCase(),
    relatedExternalIds: relatedEntities.map((entity) => entity?.externalId ?? null),
  };
}
