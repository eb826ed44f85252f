import { notFound } from '../../../platform/errors.ts';
import type { Enrollment as EnrollmentRow } from '../generated/prisma/client.ts';
import { endEnrollment, enrollDevice } from '../services/enrollmentService.ts';
import { builder } from './builder.ts';
import type { Context } from './context.ts';
import { Device } from './device.ts';
import { loadReference } from './loadReference.ts';
import { getProgram, Program } from './program.ts';

const EnrollmentStatus = builder.enumType('EnrollmentStatus', {
  description: 'Where an enrollment stands.',
  values: {
    ACTIVE: { description: 'The device takes part in the program.' },
    SUSPENDED: { description: 'The device takes no part for the time being.' },
    ENDED: { description: 'The device takes no part any more; it can be enrolled again.' },
  },
});

export const Enrollment = builder.objectRef<EnrollmentRow>('Enrollment');

Enrollment.implement({
  description: 'A device in a program.',
  authScopes: (enrollment) => ({ canRead: enrollment.workspaceId }),
  fields: (t) => ({
    id: t.exposeID('id', { description: 'UUID v7.' }),
    workspaceId: t.exposeID('workspaceId', {
      description: 'The workspace that device and program belong to.',
    }),
    program: t.field({
      type: Program,
      description: 'What the device is enrolled in.',
      resolve: ({ programId }, _args, context) => getProgram(context, programId),
    }),
    device: t.field({
      type: Device,
      description: 'The enrolled device; null where you may not see it any more.',
      nullable: true,
      resolve: ({ deviceId }) => ({ id: deviceId }),
    }),
    status: t.expose('status', { type: EnrollmentStatus, description: 'Where it stands.' }),
    enrolledAt: t.expose('enrolledAt', {
      type: 'DateTime',
      description: 'Since when the device has been in the program.',
    }),
  }),
});

builder.asEntity(Enrollment, {
  key: builder.selection<{ id: string }>('id'),
  resolveReference: ({ id }, context) => loadReference(context.enrollments, id),
});

builder.objectField(Device, 'enrollments', (t) =>
  t.field({
    type: [Enrollment],
    description: 'The programs the device is or was in, oldest first.',
    // So that a device stays visible while enrollments can't be looked up.
    nullable: true,
    resolve: ({ id }, _args, context) => context.enrollmentsOfDevice.load(id),
  }),
);

async function getEnrollment({ enrollments }: Context, id: string): Promise<EnrollmentRow> {
  const enrollment = await enrollments.load(id);
  if (enrollment === null) throw notFound('enrollment');
  return enrollment;
}

const EnrollDeviceInput = builder.inputType('EnrollDeviceInput', {
  description: 'A device to enroll.',
  fields: (t) => ({
    programId: t.id({ required: true, description: 'The program to enroll it in.' }),
    deviceId: t.id({ required: true, description: "A device of the program's workspace." }),
  }),
});

builder.mutationField('enrollDevice', (t) =>
  t.field({
    type: Enrollment,
    description:
      'Enrolls a device in a program of its workspace, again if it had left. Takes the role EDITOR.',
    args: {
      input: t.arg({ type: EnrollDeviceInput, required: true, description: 'What to enroll.' }),
    },
    authScopes: async (_root, { input }, context) => ({
      canCreate: (await getProgram(context, input.programId)).workspaceId,
    }),
    resolve: async (_root, { input }, context) =>
      enrollDevice(context, await getProgram(context, input.programId), input.deviceId),
  }),
);

const EndEnrollmentInput = builder.inputType('EndEnrollmentInput', {
  description: 'An enrollment to end.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'Id of the enrollment.' }),
  }),
});

builder.mutationField('endEnrollment', (t) =>
  t.field({
    type: Enrollment,
    description: 'Ends an enrollment; one that has ended stays so. Takes the role EDITOR.',
    args: {
      input: t.arg({ type: EndEnrollmentInput, required: true, description: 'What to end.' }),
    },
    authScopes: async (_root, { input }, context) => ({
      canCreate: (await getEnrollment(context, input.id)).workspaceId,
    }),
    resolve: (_root, { input }, context) => endEnrollment(context, input.id),
  }),
);
