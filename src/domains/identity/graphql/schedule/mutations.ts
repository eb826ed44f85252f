import type { AuditSchedule as AuditScheduleRow } from '../../generated/prisma/client.ts';
import { builder } from '../builder.ts';
import { type IdentityContext, signedIn } from '../context.ts';
import { loadOrNotFound } from '../entityLoaders.ts';
import { AuditModeEnum } from '../enums.ts';
import { Workspace } from '../workspace.ts';
import { AuditSchedule } from './auditSchedule.ts';

const CRON =
  'Minute, hour, day of month, month and day of week, as cron has them, such as "30 2 * * 1-5"; at least 15 minutes apart.';

const CreateAuditScheduleInput = builder.inputType('CreateAuditScheduleInput', {
  description: 'A schedule to be.',
  fields: (t) => ({
    workspaceId: t.id({ required: true, description: 'The id of the workspace to audit.' }),
    cron: t.string({ required: true, description: CRON }),
    timeZone: t.string({
      description:
        'The IANA time zone whose clocks it goes by, such as Europe/Berlin; UTC by default.',
    }),
    mode: t.field({
      type: AuditModeEnum,
      description: 'How much its audits look at; FULL by default.',
    }),
    title: t.string({ description: 'The title of its audits; names the day by default.' }),
  }),
});

const UpdateAuditScheduleInput = builder.inputType('UpdateAuditScheduleInput', {
  description: 'A change of a schedule. What is left out stays as it is.',
  fields: (t) => ({
    scheduleId: t.id({ required: true, description: 'The id of the schedule.' }),
    cron: t.string({ description: CRON }),
    timeZone: t.string({ description: 'The IANA time zone whose clocks it goes by.' }),
    mode: t.field({ type: AuditModeEnum, description: 'How much its audits look at.' }),
    title: t.string({ description: 'The title of its audits; null to name the day.' }),
    paused: t.boolean({
      description:
        'Whether it is paused. Who resumes a paused one is its owner from then on, and it goes on with its next time.',
    }),
  }),
});

const DeleteAuditScheduleInput = builder.inputType('DeleteAuditScheduleInput', {
  description: 'Which schedule to delete.',
  fields: (t) => ({
    scheduleId: t.id({ required: true, description: 'The id of the schedule.' }),
  }),
});

builder.mutationFields((t) => ({
  createAuditSchedule: t.field({
    type: AuditSchedule,
    description:
      'Has a workspace audited at the times of a cron pattern, on your behalf. It starts within some seconds.',
    args: {
      input: t.arg({
        type: CreateAuditScheduleInput,
        required: true,
        description: 'What to create.',
      }),
    },
    authScopes: (_parent, { input }) => ({ canManage: input.workspaceId }),
    resolve: async (_parent, { input }, context) => {
      const id = await context.runtime.schedules.create({
        // Every row that its audits stage bears it, so it is written in one way.
        workspaceId: input.workspaceId.toLowerCase(),
        ownerId: signedIn(context),
        cron: input.cron,
        timeZone: input.timeZone ?? null,
        mode: input.mode ?? null,
        title: input.title ?? null,
      });
      return loadOrNotFound(context.loaders.auditSchedule, id, 'audit schedule');
    },
  }),
  updateAuditSchedule: t.field({
    type: AuditSchedule,
    description: 'Changes, pauses or resumes a schedule. The audits it has triggered go on.',
    args: {
      input: t.arg({
        type: UpdateAuditScheduleInput,
        required: true,
        description: 'What to change.',
      }),
    },
    authScopes: { authenticated: true },
    resolve: async (_parent, { input }, context) => {
      const { id } = await loadScheduleFor(context, input.scheduleId);
      const { cron, timeZone, mode, title, paused } = input;
      await context.runtime.schedules.update({
        ...{ scheduleId: id, actorId: signedIn(context) },
        ...(cron == null ? {} : { cron }),
        ...(timeZone == null ? {} : { timeZone }),
        ...(mode == null ? {} : { mode }),
        ...(title === undefined ? {} : { title }),
        ...(paused == null ? {} : { paused }),
      });
      return loadOrNotFound(context.loaders.auditSchedule.clearAll(), id, 'audit schedule');
    },
  }),
  deleteAuditSchedule: t.field({
    type: Workspace,
    description:
      'Deletes a schedule. The audits it has triggered stay. Returns the workspace that it was of.',
    args: {
      input: t.arg({
        type: DeleteAuditScheduleInput,
        required: true,
        description: 'Which schedule to delete.',
      }),
    },
    authScopes: { authenticated: true },
    resolve: async (_parent, { input }, context) => {
      const { id, workspaceId } = await loadScheduleFor(context, input.scheduleId);
      await context.runtime.schedules.remove(id);
      context.loaders.auditSchedule.clearAll();
      return loadOrNotFound(context.loaders.workspace, workspaceId, 'workspace');
    },
  }),
}));

/**
 * The schedule that a mutation is about, for a caller who may manage its workspace.
 *
 * @throws `UNAUTHENTICATED` without a token, `NOT_FOUND` for a stranger and for an id of nothing,
 *   `FORBIDDEN` for a member whose role does not suffice
 */
async function loadScheduleFor(
  context: IdentityContext,
  scheduleId: string,
): Promise<AuditScheduleRow> {
  signedIn(context);
  const schedule = await loadOrNotFound(
    context.loaders.auditSchedule,
    scheduleId,
    'audit schedule',
  );
  await context.demand('canManage', schedule.workspaceId);
  return schedule;
}
