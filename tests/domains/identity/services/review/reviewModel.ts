import fc from 'fast-check';
import { expect } from 'vitest';
import type { GraphQLTestbed } from '../../support/graphqlTestbed.ts';
import { ACTIONS, audit } from './reviewActions.ts';
import {
  createReviewWorld,
  type ReviewWorld,
  readFalselyApplied,
  readLostDecisions,
  readProduction,
  replayHistory,
} from './reviewWorld.ts';

/** What brings reviews forward comes more often. */
const OFTEN: Readonly<Record<string, number>> = {
  acceptAll: 3,
  refer: 2,
  merge: 3,
  promote: 6,
  revert: 4,
};

const anyAction = fc.record({
  name: fc.oneof(
    ...Object.keys(ACTIONS).map((name) => ({
      weight: OFTEN[name] ?? 1,
      arbitrary: fc.constant(name),
    })),
  ),
  first: fc.nat(11),
  second: fc.nat(3),
});

export interface ReviewTrials {
  readonly seconds: number;
  readonly count: number;
  /** How many things people do in one trial, at most. */
  readonly maxLength: number;
}

/**
 * Lets people do anything in any order, and demands after each step that production is what the model
 * says, that the history replays to it, that no decision was lost, and that what is said to be in
 * production is there.
 */
export async function tryReviews(
  testbed: GraphQLTestbed,
  { seconds, count, maxLength }: ReviewTrials,
): Promise<void> {
  const reviewerId = await testbed.userId('reviewer');
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyAction, { minLength: 1, maxLength, size: 'max' }),
      async (steps) => {
        const world = await createReviewWorld(testbed, reviewerId);
        await audit(world);
        for (const { name, first, second } of steps) {
          await ACTIONS[name]?.(world, first, second);
          await expectNothingLost(world, name);
        }
      },
    ),
    {
      ...{ numRuns: count, interruptAfterTimeLimit: seconds * 1_000 },
      markInterruptAsFailure: false,
    },
  );
}

async function expectNothingLost(world: ReviewWorld, after: string): Promise<void> {
  const actual = await readProduction(world);
  const expected = [...world.model.entities].map(([id, { values }]) => [id, values]);
  expect(Object.fromEntries(actual), after).toEqual(Object.fromEntries(expected));
  for (const [id, values] of await replayHistory(world)) {
    expect(actual.get(id), `history of ${id} after ${after}`).toEqual(values);
  }
  expect(await readLostDecisions(world), after).toEqual([]);
  expect(await readFalselyApplied(world), after).toEqual([]);
}
