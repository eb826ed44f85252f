import type { Command } from 'commander';
import { z } from 'zod';
import { formatTable } from '../../platform/table.ts';
import { printResult } from '../output.ts';
import { formatGain } from '../rulesToReview.ts';
import { openSession, workspaceId } from '../session.ts';

const AUDITS = 10;
const RULES = 5;

const SCORE = /* GraphQL */ `
  query Score($workspaceId: ID!, $last: Int!) {
    workspace(id: $workspaceId) {
      quality {
        score
        byEntityType { entityType score entityCount openCount }
        history(last: $last) {
          batchId measuredAt score byEntityType { entityType score entityCount }
        }
        gains { ruleId openCount gain gainIfResolved }
      }
    }
  }
`;

const qualityShape = z.object({
  score: z.number().nullable(),
  byEntityType: z.array(
    z.object({
      entityType: z.string(),
      score: z.number().nullable(),
      entityCount: z.number(),
      openCount: z.number(),
    }),
  ),
  history: z.array(
    z.object({
      batchId: z.string(),
      measuredAt: z.string(),
      score: z.number(),
      byEntityType: z.array(
        z.object({ entityType: z.string(), score: z.number(), entityCount: z.number() }),
      ),
    }),
  ),
  gains: z.array(
    z.object({
      ruleId: z.string(),
      openCount: z.number(),
      gain: z.number(),
      gainIfResolved: z.number(),
    }),
  ),
});

type Quality = z.infer<typeof qualityShape>;

const scoreShape = z.object({ workspace: z.object({ quality: qualityShape }) });

export function addScoreCommand(program: Command): void {
  program
    .command('score')
    .argument('<workspace>', 'its slug')
    .description('print how good the data of a workspace is, and what there is to gain')
    .action(async (slug: string, _options: object, command: Command) => {
      const session = await openSession(command);
      const variables = { workspaceId: await workspaceId(session, slug), last: AUDITS };
      const { workspace } = await session.gateway.query(SCORE, variables, scoreShape);
      const { quality } = workspace;
      printResult(session.json ? JSON.stringify(quality) : describe(quality));
    });
}

function describe({ score, byEntityType, history, gains }: Quality): string {
  const parts = [
    score === null ? 'There is no score before the first audit.' : `Score: ${shown(score)} of 100`,
    formatTable(
      ['Entities', 'Score', 'Active', 'Open findings'],
      byEntityType.map((type) => [
        ...[type.entityType, type.score === null ? '' : shown(type.score)],
        ...[type.entityCount, type.openCount],
      ]),
    ),
  ];
  if (history.length > 0) {
    const points = history.map((point) => [point.measuredAt, shown(point.score), point.batchId]);
    parts.push(formatTable(['Audit of', 'Score', 'Batch'], points));
  }
  if (gains.length > 0) {
    const rules = gains
      .slice(0, RULES)
      .map(({ ruleId, openCount, gain, gainIfResolved }) => [
        ...[ruleId, openCount, formatGain(gain), formatGain(gainIfResolved)],
      ]);
    const head = ['Most to gain', 'Open findings', 'Score if accepted', 'If resolved'];
    parts.push(formatTable(head, rules));
  }
  return parts.join('\n');
}

/** Two decimals: of ten thousand records, one is a hundredth. */
function shown(score: number): string {
  return score.toFixed(2);
}
