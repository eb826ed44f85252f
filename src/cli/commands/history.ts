import type { Command } from 'commander';
import { z } from 'zod';
import { formatTable } from '../../platform/table.ts';
import { CliError, isNotFound } from '../cliError.ts';
import type { GatewayClient } from '../gatewayClient.ts';
import { jsonLines, printStream, tables } from '../printStream.ts';
import { openSession } from '../session.ts';

const PAGE_SIZE = 100;

/** An id does not tell the type of its entity. */
const TYPES = ['contact', 'site', 'device'] as const;

const changeSchema = z.object({
  id: z.string(),
  kind: z.string(),
  version: z.number(),
  before: z.record(z.string(), z.unknown()).nullable(),
  after: z.record(z.string(), z.unknown()).nullable(),
  actor: z.object({ id: z.string(), email: z.string().nullable() }).nullable(),
  batch: z.object({ id: z.string(), title: z.string() }).nullable(),
  rowIndex: z.number(),
  createdAt: z.string(),
  reverted: z.boolean(),
});

type Change = z.infer<typeof changeSchema>;

const pageSchema = z.object({
  changes: z.object({
    edges: z.array(z.object({ node: changeSchema })),
    pageInfo: z.object({ endCursor: z.string().nullable(), hasNextPage: z.boolean() }),
  }),
});

type Page = z.infer<typeof pageSchema>['changes'];
type EntityType = (typeof TYPES)[number];

export function addHistoryCommand(program: Command): void {
  program
    .command('history')
    .argument('<entity>', 'the id of a contact, site or device')
    .description('print what was promoted and undone of an entity, newest first, as a stream')
    .action(async (id: string, _options: object, command: Command) => {
      const { gateway, json } = await openSession(command);
      const first = await firstPage(gateway, id);
      const changes = readChanges(gateway, id, first);
      await printStream(changes, json ? jsonLines : tables(toTable, 'Nothing has changed it yet.'));
    });
}

interface FirstPage {
  readonly entityType: EntityType;
  readonly page: Page;
}

/** @throws CliError where the id is of no entity that the user may know of */
async function firstPage(gateway: GatewayClient, id: string): Promise<FirstPage> {
  for (const entityType of TYPES) {
    try {
      return { entityType, page: await readPage(gateway, entityType, id, null) };
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
  throw new CliError(
    `There is no contact, site or device ${id}, or you are not a member of its workspace.`,
  );
}

async function* readChanges(
  gateway: GatewayClient,
  id: string,
  { entityType, page: first }: FirstPage,
): AsyncGenerator<Change & { readonly entityType: EntityType; readonly entityId: string }> {
  for (let page = first; ; ) {
    for (const { node } of page.edges) yield { entityType, entityId: id, ...node };
    if (!page.pageInfo.hasNextPage) return;
    page = await readPage(gateway, entityType, id, page.pageInfo.endCursor);
  }
}

async function readPage(
  gateway: GatewayClient,
  entityType: EntityType,
  id: string,
  after: string | null,
): Promise<Page> {
  const document = /* GraphQL */ `
    query History($id: ID!, $first: Int!, $after: String) {
      entity: ${entityType}(id: $id) {
        changes(first: $first, after: $after) {
          edges {
            node {
              id kind version before after rowIndex createdAt reverted
              actor { id email } batch { id title }
            }
          }
          pageInfo { endCursor hasNextPage }
        }
      }
    }
  `;
  const shape = z.object({ entity: pageSchema });
  const variables = { id, first: PAGE_SIZE, after };
  return (await gateway.query(document, variables, shape)).entity.changes;
}

function toTable(changes: readonly Change[]): string {
  return formatTable(
    ['Version', 'When', 'What', 'Who', 'Batch', 'Row', 'Changes'],
    changes.map((change) => [
      change.version,
      change.createdAt,
      change.reverted ? `${change.kind} (undone)` : change.kind,
      change.actor?.email ?? change.actor?.id ?? '',
      change.batch?.title ?? '',
      change.rowIndex,
      describeChange(change),
    ]),
  );
}

/** One line for each field, such as `phone: "(312) 555-0142" → "+13125550142"`. */
function describeChange({ before, after }: Change): string {
  const fields = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  return [...fields]
    .filter((field) => before !== null || (after?.[field] ?? null) !== null)
    .map((field) =>
      before === null
        ? `${field}: ${JSON.stringify(after?.[field])}`
        : `${field}: ${JSON.stringify(before[field] ?? null)} → ${JSON.stringify(after?.[field] ?? null)}`,
    )
    .join('\n');
}
