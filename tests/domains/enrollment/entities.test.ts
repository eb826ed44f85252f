import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  EDITOR,
  STRANGER,
  startTestEnrollment,
  type TestEnrollment,
  VIEWER,
} from './testEnrollment.ts';

let enrollment: TestEnrollment;
beforeAll(async () => {
  enrollment = await startTestEnrollment();
});
afterAll(() => enrollment.dispose());

const ENTITIES = /* GraphQL */ `
  query ($representations: [_Any!]!) {
    _entities(representations: $representations) {
      __typename
      ... on Program { id }
      ... on Enrollment { id }
      ... on Device { id enrollments { id program { id } } }
    }
  }
`;

interface Entities {
  _entities: ({
    __typename: string;
    id: string;
    enrollments?: { id: string; program: { id: string } }[];
  } | null)[];
}

const resolve = (email: string, representations: readonly object[]) =>
  enrollment.ask<Entities>(email, ENTITIES, { representations });

const repeat = <T>(count: number, make: () => T) =>
  Promise.all(Array.from({ length: count }, make));

describe.each([
  ['Program', () => enrollment.addProgram()],
  ['Enrollment', () => enrollment.addEnrollment()],
] as const)('%s entities', (__typename, add) => {
  it('are found in the order asked for, by one SQL statement', async () => {
    const ids = (await repeat(25, add)).reverse();
    enrollment.takeStatements();

    const { data } = await resolve(
      VIEWER,
      ids.map((id) => ({ __typename, id })),
    );

    expect(data?._entities.map((entity) => entity?.id)).toEqual(ids);
    expect(enrollment.takeStatements()).toHaveLength(1);
  });

  it('are found by ids in upper case', async () => {
    const id = await add();

    const { data } = await resolve(VIEWER, [{ __typename, id: id.toUpperCase() }]);

    expect(data?._entities).toEqual([{ __typename, id }]);
  });

  it('are null where unknown, forbidden or no id, and the others are found', async () => {
    const id = await add();

    const representations = [
      { __typename, id: uuidv7() },
      { __typename, id: 'nonsense' },
      { __typename, id: { nested: true } },
      { __typename },
      { __typename, id },
    ];
    const answer = await resolve(VIEWER, representations);

    expect(answer).toEqual({ data: { _entities: [null, null, null, null, { __typename, id }] } });
    expect((await resolve(STRANGER, [{ __typename, id }])).data?._entities).toEqual([null]);
  });
});

describe('enrollments of devices', () => {
  it('take one SQL statement for all devices, and one for their programs', async () => {
    const deviceIds = await repeat(25, async () => enrollment.addDevice());
    for (const deviceId of deviceIds) await enrollment.addEnrollment({ deviceId });
    enrollment.takeStatements();

    const { data } = await resolve(
      VIEWER,
      deviceIds.map((id) => ({ __typename: 'Device', id })),
    );

    expect(data?._entities.map((device) => device?.enrollments?.length)).toEqual(
      deviceIds.map(() => 1),
    );
    expect(enrollment.takeStatements()).toHaveLength(2);
  });

  it('are those of workspaces the caller is a member of', async () => {
    const deviceId = enrollment.addDevice();
    const own = await enrollment.addEnrollment({ deviceId });
    const workspaceId = enrollment.addWorkspace('another@example.org');
    await enrollment.addEnrollment({ deviceId, workspaceId });
    const device = { __typename: 'Device', id: deviceId };

    const seenBy = async (email: string) =>
      (await resolve(email, [device])).data?._entities[0]?.enrollments?.map(({ id }) => id);

    expect(await seenBy(EDITOR)).toEqual([own]);
    expect(await seenBy(STRANGER)).toEqual([]);
  });

  it('are found by an id in upper case', async () => {
    const deviceId = enrollment.addDevice();
    const id = await enrollment.addEnrollment({ deviceId });

    const { data } = await resolve(VIEWER, [{ __typename: 'Device', id: deviceId.toUpperCase() }]);

    expect(data?._entities[0]?.enrollments?.map((each) => each.id)).toEqual([id]);
  });

  it('are none for what is no id', async () => {
    const { data, errors } = await resolve(VIEWER, [{ __typename: 'Device', id: 'nonsense' }]);

    expect(errors).toBeUndefined();
    expect(data?._entities[0]?.enrollments).toEqual([]);
  });
});
