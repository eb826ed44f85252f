import { builder } from '../builder.ts';
import { AuditModeEnum } from '../enums.ts';
import { StagedBatch } from '../staging/stagedBatch.ts';
import { User } from '../user.ts';
import { Workspace } from '../workspace.ts';

export const AuditSchedule = builder.prismaObject('AuditSchedule', {
  description: 'Audits that are triggered by the clock, on behalf of their owner.',
  authScopes: (schedule) => ({ canRead: schedule.workspaceId }),
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The id of the schedule.' }),
    title: t.exposeString('title', {
      nullable: true,
      description: 'The title of its audits; null where they name the day, as other audits do.',
    }),
    mode: t.expose('mode', {
      type: AuditModeEnum,
      description: 'How much its audits look at.',
    }),
    cron: t.exposeString('cron', {
      description:
        'When it runs: minute, hour, day of month, month and day of week, as cron has them.',
    }),
    timeZone: t.exposeString('timeZone', {
      description:
        'The IANA time zone whose clocks the pattern goes by. Where they skip a time, it comes as if they had not been set; where they show it twice, it comes the first time.',
    }),
    owner: t.field({
      type: User,
      nullable: true,
      description:
        'On whose behalf it runs: who created it, or resumed it last. It pauses when they may not start audits any more. Null for somebody who has left.',
      resolve: ({ ownerId }, _args, { loaders }) => loaders.user.load(ownerId),
    }),
    pausedAt: t.expose('pausedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Since when it has been paused; null where it runs.',
    }),
    pauseReason: t.exposeString('pauseReason', {
      nullable: true,
      description: 'Why it was paused, where nobody asked for it.',
    }),
    nextRunAt: t.expose('nextRunAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it runs next; null where it is paused.',
    }),
    lastRunAt: t.expose('lastRunAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'When it ran last, be it that an audit came of it or not; null where it has not.',
    }),
    lastProblem: t.exposeString('lastProblem', {
      nullable: true,
      description:
        'What was not as it should be with its last run: times that were missed, or why no audit came of it. Null where all was well.',
    }),
    lastBatch: t.field({
      type: StagedBatch,
      nullable: true,
      description: 'The last audit that came of it.',
      resolve: ({ lastBatchId }, _args, { loaders }) =>
        lastBatchId === null ? null : loaders.stagedBatch.load(lastBatchId),
    }),
  }),
});

builder.objectField(Workspace, 'auditSchedules', (t) =>
  t.field({
    type: [AuditSchedule],
    description: 'When the workspace is audited by itself, the oldest schedule first; at most 20.',
    resolve: ({ id }, _args, { runtime }) =>
      runtime.prisma.auditSchedule.findMany({
        where: { workspaceId: id },
        orderBy: { id: 'asc' },
      }),
  }),
);

builder.objectField(StagedBatch, 'schedule', (t) =>
  t.field({
    type: AuditSchedule,
    nullable: true,
    description:
      'The schedule that triggered the audit; null where somebody did, and where it was deleted.',
    resolve: ({ scheduleId }, _args, { loaders }) =>
      scheduleId === null ? null : loaders.auditSchedule.load(scheduleId),
  }),
);
