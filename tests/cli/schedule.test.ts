import { afterEach, expect, it } from 'vitest';
import { type StandInGateway, startStandInGateway } from './standInGateway.ts';

let gateway: StandInGateway | undefined;
afterEach(() => gateway?.stop());

const SCHEDULE = {
  ...{ id: 'schedule-1', title: null, mode: 'FULL', cron: '30 2 * * *', timeZone: 'UTC' },
  ...{ owner: { email: 'admin@demo.example' }, pausedAt: null, pauseReason: null },
  ...{ nextRunAt: '2026-03-02T02:30:00.000Z', lastRunAt: '2026-03-01T02:30:00.000Z' },
  ...{ lastProblem: null, lastBatch: { id: 'batch-1', status: 'READY_FOR_REVIEW' } },
};

async function gatewayWith(schedule: object): Promise<StandInGateway> {
  const changed = { schedule: { ...SCHEDULE, ...schedule } };
  gateway = await startStandInGateway({
    WorkspaceBySlug: { workspaceBySlug: { id: 'workspace-1' } },
    AuditSchedules: { workspace: { auditSchedules: [changed.schedule] } },
    CreateAuditSchedule: changed,
    UpdateAuditSchedule: changed,
  });
  return gateway;
}

it('lists schedules, and says what was not as it should be', async () => {
  const { cli } = await gatewayWith({ lastProblem: '2 times were missed.' });

  const { exitCode, stdout, stderr } = await cli('schedule', 'list', '--workspace', 'demo');

  expect({ exitCode, stderr }).toEqual({
    exitCode: 0,
    stderr: 'schedule-1: 2 times were missed.\n',
  });
  expect(stdout).toContain('batch-1 READY_FOR_REVIEW');
});

it('pauses a schedule', async () => {
  const { cli, asked } = await gatewayWith({
    nextRunAt: null,
    pausedAt: '2026-03-01T12:00:00.000Z',
  });

  const { stdout } = await cli('schedule', 'pause', 'schedule-1');

  expect(stdout).toBe('Schedule schedule-1: 30 2 * * *, UTC; it is paused.\n');
  expect(asked[0]?.variables).toEqual({ input: { scheduleId: 'schedule-1', paused: true } });
});

it('changes only what is given', async () => {
  const { cli, asked } = await gatewayWith({});

  await cli('schedule', 'update', 'schedule-1', '--mode', 'incremental', '--title', '');

  expect(asked[0]?.variables).toEqual({
    input: { scheduleId: 'schedule-1', mode: 'INCREMENTAL', title: null },
  });
});

it('asks what to change where nothing is given', async () => {
  const { cli, asked } = await gatewayWith({});

  const { exitCode, stderr } = await cli('schedule', 'update', 'schedule-1');

  expect({ exitCode, stderr }).toEqual({
    exitCode: 1,
    stderr: 'error: Say what to change: --cron, --zone, --mode or --title.\n',
  });
  expect(asked).toEqual([]);
});

it('names the option that is wrong', async () => {
  gateway = await startStandInGateway(
    {},
    {
      UpdateAuditSchedule: {
        message: '"CEST" is not a time zone.',
        extensions: { code: 'BAD_USER_INPUT', field: 'input.timeZone' },
      },
    },
  );

  const { stderr } = await gateway.cli('schedule', 'update', 'schedule-1', '--zone', 'CEST');

  expect(stderr).toBe('error: --zone: "CEST" is not a time zone. (BAD_USER_INPUT)\n');
});
