import { type Command, Option } from 'commander';
import { z } from 'zod';
import { formatTable } from '../../platform/table.ts';
import { CliError } from '../cliError.ts';
import { printNote, printResult } from '../output.ts';
import { openSession, type Session, workspaceId } from '../session.ts';

const FIELDS = /* GraphQL */ `
  id title mode cron timeZone owner { email } pausedAt pauseReason nextRunAt lastRunAt lastProblem
  lastBatch { id status }
`;

const scheduleShape = z.object({
  id: z.string(),
  title: z.string().nullable(),
  mode: z.string(),
  cron: z.string(),
  timeZone: z.string(),
  owner: z.object({ email: z.string().nullable() }).nullable(),
  pausedAt: z.string().nullable(),
  pauseReason: z.string().nullable(),
  nextRunAt: z.string().nullable(),
  lastRunAt: z.string().nullable(),
  lastProblem: z.string().nullable(),
  lastBatch: z.object({ id: z.string(), status: z.string() }).nullable(),
});

type Schedule = z.infer<typeof scheduleShape>;

const LIST = /* GraphQL */ `
  query AuditSchedules($workspaceId: ID!) {
    workspace(id: $workspaceId) { auditSchedules { ${FIELDS} } }
  }
`;
const CREATE = /* GraphQL */ `
  mutation CreateAuditSchedule($input: CreateAuditScheduleInput!) {
    schedule: createAuditSchedule(input: $input) { ${FIELDS} }
  }
`;
const UPDATE = /* GraphQL */ `
  mutation UpdateAuditSchedule($input: UpdateAuditScheduleInput!) {
    schedule: updateAuditSchedule(input: $input) { ${FIELDS} }
  }
`;
const DELETE = /* GraphQL */ `
  mutation DeleteAuditSchedule($input: DeleteAuditScheduleInput!) {
    deleteAuditSchedule(input: $input) { id }
  }
`;

const listShape = z.object({ workspace: z.object({ auditSchedules: z.array(scheduleShape) }) });
const changedShape = z.object({ schedule: scheduleShape });
const deletedShape = z.object({ deleteAuditSchedule: z.object({ id: z.string() }) });

interface ScheduleOptions {
  readonly cron?: string;
  readonly zone?: string;
  readonly mode?: 'full' | 'incremental';
  readonly title?: string;
}

export function addScheduleCommand(program: Command): void {
  const schedule = program
    .command('schedule')
    .description('audits that are triggered by the clock');
  schedule
    .command('list')
    .requiredOption('--workspace <slug>', 'the workspace')
    .description('list the schedules of a workspace')
    .action(async ({ workspace }: { readonly workspace: string }, command: Command) => {
      const session = await openSession(command);
      const variables = { workspaceId: await workspaceId(session, workspace) };
      const { workspace: found } = await session.gateway.query(LIST, variables, listShape);
      printSchedules(found.auditSchedules, session);
    });
  withTimes(schedule.command('add'), 'requiredOption')
    .requiredOption('--workspace <slug>', 'the workspace to audit')
    .description('have a workspace audited at the times of a cron pattern, on your behalf')
    .action(async (options: ScheduleOptions & { readonly workspace: string }, command: Command) => {
      const session = await openSession(command);
      const id = await workspaceId(session, options.workspace);
      await change(session, CREATE, { workspaceId: id, ...inputOf(options) });
    });
  withTimes(schedule.command('update'), 'option')
    .argument('<schedule>', 'the id of the schedule')
    .description('change a schedule; what is left out stays as it is')
    .action(async (scheduleId: string, options: ScheduleOptions, command: Command) => {
      const input = inputOf(options);
      if (Object.keys(input).length === 0) {
        throw new CliError('Say what to change: --cron, --zone, --mode or --title.');
      }
      await change(await openSession(command), UPDATE, { scheduleId, ...input });
    });
  addPauseCommand(schedule, 'pause', true, 'have a schedule run no more until it is resumed');
  addPauseCommand(schedule, 'resume', false, 'have a paused schedule run again, on your behalf');
  schedule
    .command('remove')
    .argument('<schedule>', 'the id of the schedule')
    .description('delete a schedule; the audits it has triggered stay')
    .action(async (scheduleId: string, _options: unknown, command: Command) => {
      const { gateway, json } = await openSession(command);
      await gateway.query(DELETE, { input: { scheduleId } }, deletedShape);
      printResult(json ? JSON.stringify({ scheduleId }) : `Deleted schedule ${scheduleId}.`);
    });
}

function withTimes(command: Command, cron: 'option' | 'requiredOption'): Command {
  return command[cron](
    '--cron <pattern>',
    'minute, hour, day of month, month and day of week, such as "30 2 * * 1-5"',
  )
    .option('--zone <name>', 'the IANA time zone it goes by, such as Europe/Berlin (at first: UTC)')
    .addOption(
      new Option('--mode <mode>', 'how much it looks at (at first: full)').choices([
        'full',
        'incremental',
      ]),
    )
    .option('--title <title>', 'the title of its audits; an empty one names the day');
}

function addPauseCommand(
  schedule: Command,
  name: string,
  paused: boolean,
  description: string,
): void {
  schedule
    .command(name)
    .argument('<schedule>', 'the id of the schedule')
    .description(description)
    .action(async (scheduleId: string, _options: unknown, command: Command) => {
      await change(await openSession(command), UPDATE, { scheduleId, paused });
    });
}

/** What is given of the options, as the mutations have it. */
function inputOf({ cron, zone, mode, title }: ScheduleOptions): object {
  return {
    ...(cron === undefined ? {} : { cron }),
    ...(zone === undefined ? {} : { timeZone: zone }),
    ...(mode === undefined ? {} : { mode: mode.toUpperCase() }),
    ...(title === undefined ? {} : { title: title === '' ? null : title }),
  };
}

async function change(session: Session, mutation: string, input: object): Promise<void> {
  const { schedule } = await session.gateway.query(mutation, { input }, changedShape);
  if (session.json) printResult(JSON.stringify(schedule));
  else
    printResult(
      `Schedule ${schedule.id}: ${schedule.cron}, ${schedule.timeZone}; ${next(schedule)}.`,
    );
}

function printSchedules(schedules: readonly Schedule[], { json }: Session): void {
  if (json) {
    printResult(JSON.stringify(schedules));
    return;
  }
  printResult(
    formatTable(
      ['Schedule', 'Title', 'Pattern', 'Time zone', 'Mode', 'Owner', 'Next', 'Last', 'Last audit'],
      schedules.map((schedule) => [
        ...[schedule.id, schedule.title ?? '', schedule.cron, schedule.timeZone, schedule.mode],
        ...[schedule.owner?.email ?? '', schedule.nextRunAt ?? 'paused', schedule.lastRunAt ?? ''],
        schedule.lastBatch === null ? '' : `${schedule.lastBatch.id} ${schedule.lastBatch.status}`,
      ]),
    ),
  );
  for (const { id, pauseReason, lastProblem } of schedules) {
    if (pauseReason !== null) printNote(`${id} is paused: ${pauseReason}`);
    if (lastProblem !== null) printNote(`${id}: ${lastProblem}`);
  }
}

function next({ nextRunAt }: Schedule): string {
  return nextRunAt === null ? 'it is paused' : `it runs next at ${nextRunAt}`;
}
