import { afterEach, beforeEach, expect, it } from 'vitest';
import { type StandInGateway, startStandInGateway } from './standInGateway.ts';

const result = { decisionId: 'decision-1', decidedCount: 2, skipped: [] };

let gateway: StandInGateway;
beforeEach(async () => {
  gateway = await startStandInGateway({ Decide: { result } });
});
afterEach(() => gateway.stop());

const merge = (...args: string[]) => gateway.cli('merge', 'batch-1', ...args);

it('says which entity stays, and whose values it takes over', async () => {
  const { stdout } = await merge(
    ...['id-1', 'id-2', 'id-3', '--take', 'email=id-2', '--comment', 'Twice.'],
  );

  expect(stdout).toBe('2 findings accepted. The next promotion merges 2 into id-1.\n');
  expect(gateway.asked).toMatchObject([
    {
      query: expect.stringContaining('mergeDuplicates'),
      variables: {
        input: {
          batchId: 'batch-1',
          survivorId: 'id-1',
          loserIds: ['id-2', 'id-3'],
          fieldFrom: [{ field: 'email', entityId: 'id-2' }],
          comment: 'Twice.',
        },
      },
    },
  ]);
});

it('is printed as JSON like other decisions', async () => {
  expect(JSON.parse((await merge('id-1', 'id-2', '--json')).stdout)).toEqual({
    dryRun: false,
    ...result,
  });
});

it.each([
  ['an entity alone', ['id-1'], 'duplicates'],
  ['a value of nobody', ['id-1', 'id-2', '--take', 'email'], '--take: "email"'],
])('refuses %s', async (_what, args, message) => {
  const { exitCode, stderr } = await merge(...args);

  expect(exitCode).toBe(1);
  expect(stderr).toContain(message);
  expect(gateway.asked).toEqual([]);
});
