import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EDITOR, startTestEnrollment, type TestEnrollment } from './testEnrollment.ts';

let enrollment: TestEnrollment;
beforeAll(async () => {
  enrollment = await startTestEnrollment();
});
afterAll(() => enrollment.dispose());

const ENROLL = /* GraphQL */ `
  mutation ($input: EnrollDeviceInput!) {
    enrollDevice(input: $input) { id status program { id } device { id } }
  }
`;
const END = 'mutation ($input: EndEnrollmentInput!) { endEnrollment(input: $input) { id status } }';

const enroll = (programId: string, deviceId: string) =>
  enrollment.ask<{ enrollDevice: { id: string } }>(EDITOR, ENROLL, {
    input: { programId, deviceId },
  });
const end = (id: string) => enrollment.ask(EDITOR, END, { input: { id } });

describe('enrollDevice', () => {
  it('enrolls a device of the workspace', async () => {
    const programId = await enrollment.addProgram();
    const deviceId = enrollment.addDevice();

    const { data } = await enroll(programId, deviceId);

    expect(data?.enrollDevice).toMatchObject({
      status: 'ACTIVE',
      program: { id: programId },
      device: { id: deviceId },
    });
  });

  it('refuses a device that is enrolled already', async () => {
    const programId = await enrollment.addProgram();
    const deviceId = enrollment.addDevice();
    await enroll(programId, deviceId);

    const { errors } = await enroll(programId, deviceId);

    expect(errors).toMatchObject([{ extensions: { code: 'CONFLICT' } }]);
  });

  it('enrolls a device once when asked twice at the same time', async () => {
    const programId = await enrollment.addProgram();
    const deviceId = enrollment.addDevice();

    const answers = await Promise.all([enroll(programId, deviceId), enroll(programId, deviceId)]);

    expect(answers.filter(({ errors }) => errors === undefined)).toHaveLength(1);
  });

  it('enrolls a device again that had left, by the same enrollment', async () => {
    const programId = await enrollment.addProgram();
    const deviceId = enrollment.addDevice();
    const first = await enroll(programId, deviceId);
    const id = first.data?.enrollDevice.id ?? '';
    await end(id);

    const { data } = await enroll(programId, deviceId);

    expect(data?.enrollDevice).toMatchObject({ id, status: 'ACTIVE' });
  });

  it('refuses a device of another workspace of the caller', async () => {
    const programId = await enrollment.addProgram();
    const elsewhere = enrollment.addDevice(enrollment.addWorkspace(EDITOR));

    const { errors } = await enroll(programId, elsewhere);

    expect(errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', field: 'input.deviceId' } },
    ]);
  });

  it('answers alike for a device out of sight, a missing one, and what is no id', async () => {
    const programId = await enrollment.addProgram();
    const hidden = enrollment.addDevice(uuidv7());

    const answers = [
      await enroll(programId, hidden),
      await enroll(programId, uuidv7()),
      await enroll(programId, 'nonsense'),
    ];

    expect(answers[0]?.errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
  });
});

describe('endEnrollment', () => {
  it('ends an enrollment, and leaves an ended one as it is', async () => {
    const id = await enrollment.addEnrollment();
    const ended = { data: { endEnrollment: { id, status: 'ENDED' } } };

    expect(await end(id)).toEqual(ended);
    expect(await end(id)).toEqual(ended);
  });
});
