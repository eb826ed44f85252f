import type { Command } from 'commander';
import { z } from 'zod';
import { formatTable } from '../../platform/table.ts';
import { printNote, printResult } from '../output.ts';
import { openSession, workspaceId } from '../session.ts';

const PAGE_SIZE = 50;

const BATCHES = /* GraphQL */ `
  query Batches($workspaceId: ID!, $first: Int!) {
    stagedBatches(workspaceId: $workspaceId, first: $first) {
      edges {
        node { id title sourceType profile status recordCount processedCount createdAt }
      }
      pageInfo { hasNextPage }
    }
  }
`;

const batchesShape = z.object({
  stagedBatches: z.object({
    edges: z.array(
      z.object({
        node: z.object({
          id: z.string(),
          title: z.string(),
          sourceType: z.string(),
          profile: z.string(),
          status: z.string(),
          recordCount: z.number(),
          processedCount: z.number(),
          createdAt: z.string(),
        }),
      }),
    ),
    pageInfo: z.object({ hasNextPage: z.boolean() }),
  }),
});

export function addBatchesCommand(program: Command): void {
  program
    .command('batches')
    .requiredOption('--workspace <slug>', 'the workspace')
    .description(`list the newest ${PAGE_SIZE} staged batches of a workspace`)
    .action(async ({ workspace }: { readonly workspace: string }, command: Command) => {
      const session = await openSession(command);
      const variables = { workspaceId: await workspaceId(session, workspace), first: PAGE_SIZE };
      const { stagedBatches } = await session.gateway.query(BATCHES, variables, batchesShape);
      const batches = stagedBatches.edges.map(({ node }) => node);
      printResult(
        session.json
          ? JSON.stringify(batches)
          : formatTable(
              ['Batch', 'Title', 'Source', 'Status', 'Records', 'Created'],
              batches.map((batch) => [
                batch.id,
                batch.title,
                batch.sourceType,
                batch.status,
                batch.recordCount,
                batch.createdAt,
              ]),
            ),
      );
      if (stagedBatches.pageInfo.hasNextPage)
        printNote(`There are older ones than these ${PAGE_SIZE}.`);
    });
}
