import { validate as isUuid, v7 as uuidv7 } from 'uuid';
import { badUserInput, ExpectedError, notFound } from '../../../platform/errors.ts';
import type { Enrollment, Program } from '../generated/prisma/client.ts';
import { readableWorkspaceIds } from './permissions.ts';
import type { ServiceContext } from './serviceContext.ts';

/** Those of the enrollments that exist and that the caller may read, in no particular order. */
export async function findEnrollments(
  context: ServiceContext,
  ids: readonly string[],
): Promise<Enrollment[]> {
  const workspaceIds = await readableWorkspaceIds(context);
  return context.prisma.enrollment.findMany({
    where: { id: { in: ids.filter((id) => isUuid(id)) }, workspaceId: { in: workspaceIds } },
  });
}

/** All enrollments of the devices that the caller may read, oldest first; relies on (device_id). */
export async function findEnrollmentsOfDevices(
  context: ServiceContext,
  deviceIds: readonly string[],
): Promise<Enrollment[]> {
  const workspaceIds = await readableWorkspaceIds(context);
  return context.prisma.enrollment.findMany({
    where: {
      deviceId: { in: deviceIds.filter((id) => isUuid(id)) },
      workspaceId: { in: workspaceIds },
    },
    orderBy: { id: 'asc' },
  });
}

/**
 * Enrolls a device in a program of its workspace. A device whose enrollment had ended is enrolled
 * again, by the same enrollment.
 *
 * @throws `NOT_FOUND` for no device that the caller may see, `BAD_USER_INPUT` for a device of
 * another workspace, `CONFLICT` for one that is enrolled already
 */
export async function enrollDevice(
  context: ServiceContext,
  program: Program,
  deviceId: string,
): Promise<Enrollment> {
  await assertSameWorkspace(context, program, deviceId);
  const [enrollment] = await context.prisma.$queryRaw<Enrollment[]>`
    INSERT INTO enrollment (id, workspace_id, program_id, device_id)
    VALUES (${uuidv7()}::uuid, ${program.workspaceId}::uuid, ${program.id}::uuid, ${deviceId}::uuid)
    ON CONFLICT (program_id, device_id)
      DO UPDATE SET status = 'ACTIVE', enrolled_at = CURRENT_TIMESTAMP
      WHERE enrollment.status = 'ENDED'
    RETURNING id, workspace_id AS "workspaceId", program_id AS "programId",
      device_id AS "deviceId", status, enrolled_at AS "enrolledAt"`;
  if (enrollment === undefined) {
    throw new ExpectedError('CONFLICT', 'The device is enrolled in this program already.');
  }
  return enrollment;
}

async function assertSameWorkspace(
  { credentials, identity }: ServiceContext,
  program: Program,
  deviceId: string,
): Promise<void> {
  const workspaceId =
    credentials && isUuid(deviceId)
      ? await identity.findWorkspaceOfDevice(credentials, deviceId)
      : null;
  if (workspaceId === null) throw notFound('device');
  if (workspaceId !== program.workspaceId) {
    throw badUserInput(
      'input.deviceId',
      'The device belongs to another workspace than the program. Choose a device of the same one.',
    );
  }
}

/** Ends an enrollment; one that has ended stays as it is. */
export function endEnrollment({ prisma }: ServiceContext, id: string): Promise<Enrollment> {
  return prisma.enrollment.update({ where: { id }, data: { status: 'ENDED' } });
}
