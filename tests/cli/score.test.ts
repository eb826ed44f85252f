import { afterEach, expect, it } from 'vitest';
import { type StandInGateway, startStandInGateway } from './standInGateway.ts';

let gateway: StandInGateway | undefined;
afterEach(() => gateway?.stop());

const workspaceBySlug = { id: 'workspace-1' };
const quality = {
  score: 87.123,
  byEntityType: [
    { entityType: 'CONTACT', score: 80, entityCount: 100, openCount: 40 },
    { entityType: 'SITE', score: null, entityCount: 0, openCount: 0 },
  ],
  history: [
    {
      ...{ batchId: 'batch-1', measuredAt: '2026-11-23T10:00:00.000Z', score: 85 },
      byEntityType: [{ entityType: 'CONTACT', score: 85, entityCount: 90 }],
    },
  ],
  gains: [1, 2, 3, 4, 5, 6].map((rule) => ({
    ...{ ruleId: `contact.rule-${rule}`, openCount: 70 - rule, gain: 7 - rule, gainIfResolved: 8 },
  })),
};

it('prints the score, by type, over time, and what there is most to gain by', async () => {
  gateway = await startStandInGateway({
    ...{ WorkspaceBySlug: { workspaceBySlug }, Score: { workspace: { quality } } },
  });

  const { exitCode, stdout } = await gateway.cli('score', 'demo');

  expect(exitCode).toBe(0);
  expect(gateway.asked.at(-1)?.variables).toEqual({ workspaceId: 'workspace-1', last: 10 });
  expect(stdout).toContain('Score: 87.12 of 100');
  expect(stdout).toMatch(/CONTACT +│ +80\.00 +│ +100 +│ +40/);
  expect(stdout).toMatch(/SITE +│ +│ +0 +│ +0/);
  expect(stdout).toMatch(/2026-11-23T10:00:00\.000Z +│ +85\.00 +│ +batch-1/);
  expect(stdout).toMatch(/contact\.rule-5 +│ +65 +│ +\+2\.00 +│ +\+8\.00/);
  expect(stdout).not.toContain('contact.rule-6');
});

it('prints all of it as JSON', async () => {
  gateway = await startStandInGateway({
    ...{ WorkspaceBySlug: { workspaceBySlug }, Score: { workspace: { quality } } },
  });

  const { stdout } = await gateway.cli('--json', 'score', 'demo');

  expect(JSON.parse(stdout)).toEqual(quality);
});

it('says that there is no score before the first audit', async () => {
  const none = { score: null, byEntityType: [], history: [], gains: [] };
  gateway = await startStandInGateway({
    ...{ WorkspaceBySlug: { workspaceBySlug }, Score: { workspace: { quality: none } } },
  });

  const { stdout } = await gateway.cli('score', 'demo');

  expect(stdout).toContain('There is no score before the first audit.');
});
