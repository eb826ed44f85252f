import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ENTITY_TYPES } from '../../../../../src/domains/identity/rules/entities.ts';
import { readBatchGains } from '../../../../../src/domains/identity/services/score/batchGains.ts';
import {
  type QualityScore,
  readQualityScores,
} from '../../../../../src/domains/identity/services/score/qualityScore.ts';
import { readScoreHistory } from '../../../../../src/domains/identity/services/score/scoreHistory.ts';
import { type BatchBed, createBatchBed } from '../../support/batchBed.ts';
import { setFields } from '../../support/changes.ts';
import { createIdentityTestbed, type IdentityTestbed } from '../../support/identityTestbed.ts';
import {
  createWorld,
  isAcceptable,
  naiveScore,
  openEntries,
  RULE_IDS,
  type WorldEntity,
  type WorldEntry,
  world,
} from './scoreWorld.ts';

let testbed: IdentityTestbed;
let bed: BatchBed;
let ann: string;

beforeAll(async () => {
  testbed = await createIdentityTestbed();
  await testbed.startWorker();
  ann = await testbed.createUser('Ann');
  bed = createBatchBed(testbed, ann);
});
afterAll(() => testbed.close());

async function quality(workspaceId: string): Promise<QualityScore> {
  const [score] = await readQualityScores(testbed.runtime.pool, [workspaceId]);
  if (!score) throw new Error('There is no score.');
  return score;
}
const history = (workspaceId: string, last = 30) =>
  readScoreHistory(testbed.runtime.pool, workspaceId, last);

const gainsOf = async (batchId: string) =>
  (await readBatchGains(testbed.runtime.pool, [batchId])).get(batchId);

const near = (expected: number | null) => (expected === null ? null : expect.closeTo(expected, 9));

/** What entries cost the workspace, by leaving them out. */
function naiveGain(
  entities: readonly WorldEntity[],
  goes: (entry: WorldEntry, entity: WorldEntity) => boolean,
) {
  const without = naiveScore(entities, (entry, entity) => !goes(entry, entity)) ?? 0;
  return near(without - (naiveScore(entities) ?? 0));
}

it('is what its definition says, and so is the gain of each rule', async () => {
  await fc.assert(
    fc.asyncProperty(world, async (entities) => {
      const { workspaceId } = await createWorld(testbed, entities, ann);

      const measured = await quality(workspaceId);

      const open = openEntries(entities);
      expect(measured.score).toEqual(near(naiveScore(entities)));
      expect(measured.byEntityType).toEqual(
        ENTITY_TYPES.map((entityType) => {
          const ofType = entities.filter((entity) => entity.entityType === entityType);
          return {
            entityType,
            score: near(naiveScore(ofType)),
            entityCount: ofType.filter(({ active }) => active).length,
            openCount: openEntries(ofType).length,
          };
        }),
      );
      expect(new Map(measured.gains.map(({ ruleId, ...gain }) => [ruleId, gain]))).toEqual(
        new Map(
          open.map(({ ruleId }) => [
            ruleId,
            {
              openCount: open.filter((entry) => entry.ruleId === ruleId).length,
              gain: naiveGain(entities, (e) => e.ruleId === ruleId && isAcceptable(e)),
              gainIfResolved: naiveGain(entities, (e) => e.ruleId === ruleId),
            },
          ]),
        ),
      );
      const gains = measured.gains.map(({ gain }) => gain);
      expect(gains).toEqual(gains.toSorted((a, b) => b - a));
    }),
    { numRuns: 40 },
  );
});

it('rises by what a batch has to review as its definition says, rule by rule', async () => {
  await fc.assert(
    fc.asyncProperty(world, async (entities) => {
      const { batchId } = await createWorld(testbed, entities, ann);

      const gains = await gainsOf(batchId);

      const isToReview = ({ decisions }: WorldEntry, { underReview }: WorldEntity): boolean =>
        underReview && decisions.length > 0 && decisions.every((decision) => decision === 'OPEN');
      for (const ruleId of RULE_IDS) {
        const resolves = (entry: WorldEntry, entity: WorldEntity): boolean =>
          entry.ruleId === ruleId && isToReview(entry, entity);
        expect(gains?.get(ruleId) ?? { gain: 0, gainIfResolved: 0 }).toEqual({
          gain: naiveGain(entities, (e, of) => resolves(e, of) && isAcceptable(e)),
          gainIfResolved: naiveGain(entities, resolves),
        });
      }
    }),
    { numRuns: 40 },
  );
});

describe('over real audits', () => {
  const contact = (workspaceId: string, familyName: string, email: string) =>
    testbed.createEntity(workspaceId, 'contact', { familyName, email });

  it('is none before the first audit, and kept with each audit', async () => {
    const workspaceId = await testbed.createWorkspace();
    const bad = await contact(workspaceId, 'Okafor', 'no address');
    await contact(workspaceId, 'Ngata', 'ngata@example.com');
    expect(await quality(workspaceId)).toMatchObject({ score: null, gains: [] });
    expect(await history(workspaceId)).toEqual([]);

    const first = await bed.audit(workspaceId);
    // The rule gives a WARNING, which costs one of two entities half.
    expect(await quality(workspaceId)).toMatchObject({
      score: 75,
      gains: [{ ruleId: 'contact.email.syntax', openCount: 1, gain: 0, gainIfResolved: 25 }],
    });
    expect(await gainsOf(first)).toEqual(
      new Map([['contact.email.syntax', { gain: 0, gainIfResolved: 25 }]]),
    );

    await setFields(testbed.runtime.pool, 'contact', bad, { email: 'okafor@example.com' });
    const second = await bed.audit(workspaceId);

    expect(await quality(workspaceId)).toMatchObject({ score: 100, gains: [] });
    // The first audit still shows the finding; there is nothing to gain by it any more.
    expect(await gainsOf(first)).toEqual(new Map());
    expect(await history(workspaceId)).toMatchObject([
      {
        ...{ batchId: first, score: 75 },
        byEntityType: [{ entityType: 'contact', score: 75, entityCount: 2 }],
      },
      { batchId: second, score: 100 },
    ]);
    expect(await history(workspaceId, 1)).toMatchObject([{ batchId: second }]);
    await expect(history(workspaceId, 0)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  });

  it('counts entities that were added since as good, and none that were archived', async () => {
    const workspaceId = await testbed.createWorkspace();
    const bad = await contact(workspaceId, 'Okafor', 'no address');
    await bed.audit(workspaceId);
    expect(await quality(workspaceId)).toMatchObject({ score: 50 });

    await contact(workspaceId, 'Ngata', 'no address either');
    expect(await quality(workspaceId)).toMatchObject({ score: 75 });

    await setFields(testbed.runtime.pool, 'contact', bad, { state: 'ARCHIVED' });
    expect(await quality(workspaceId)).toMatchObject({ score: 100, gains: [] });
  });
});
