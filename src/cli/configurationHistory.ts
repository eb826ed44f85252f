import { z } from 'zod';
import { formatTable } from '../platform/table.ts';
import type { GatewayClient } from './gatewayClient.ts';

const PAGE_SIZE = 100;

const CHANGES = /* GraphQL */ `
  query ConfigurationChanges($id: ID!, $first: Int!, $after: String) {
    workspace(id: $id) {
      configurationChanges(first: $first, after: $after) {
        edges { node { id ruleId before after createdAt actor { id email } } }
        pageInfo { endCursor hasNextPage }
      }
    }
  }
`;

const changeShape = z.object({
  id: z.string(),
  ruleId: z.string().nullable(),
  before: z.record(z.string(), z.unknown()),
  after: z.record(z.string(), z.unknown()),
  createdAt: z.string(),
  actor: z.object({ id: z.string(), email: z.string().nullable() }).nullable(),
});
type Change = z.infer<typeof changeShape>;

const changesShape = z.object({
  workspace: z.object({
    configurationChanges: z.object({
      edges: z.array(z.object({ node: changeShape })),
      pageInfo: z.object({ endCursor: z.string().nullable(), hasNextPage: z.boolean() }),
    }),
  }),
});

/** The changes of a workspace's configuration, newest first. */
export async function* readConfigurationChanges(
  gateway: GatewayClient,
  id: string,
): AsyncGenerator<Change> {
  for (let after: string | null = null; ; ) {
    const variables: object = { id, first: PAGE_SIZE, after };
    const { workspace } = await gateway.query(CHANGES, variables, changesShape);
    const { edges, pageInfo } = workspace.configurationChanges;
    for (const { node } of edges) yield node;
    if (!pageInfo.hasNextPage) return;
    after = pageInfo.endCursor;
  }
}

export function toChangeTable(changes: readonly Change[]): string {
  return formatTable(
    ['When', 'Who', 'Rule', 'Changes'],
    changes.map(({ createdAt, actor, ruleId, before, after }) => [
      createdAt,
      actor?.email ?? actor?.id ?? '',
      ruleId ?? '',
      Object.keys(after)
        .map((name) => `${name}: ${textOf(before[name])} → ${textOf(after[name])}`)
        .join('\n'),
    ]),
  );
}

function textOf(value: unknown): string {
  return value === null || value === undefined ? 'none' : String(value);
}
