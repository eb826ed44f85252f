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

const PROGRAM = 'query ($id: ID!) { program(id: $id) { name } }';

/** Every operation, with arguments that name things that exist. */
const operations: Record<string, () => Promise<[query: string, variables: object]>> = {
  program: async () => [PROGRAM, { id: await enrollment.addProgram() }],
  programs: async () => [
    'query ($id: ID!) { programs(workspaceId: $id) { edges { cursor } } }',
    { id: enrollment.workspaceId },
  ],
  createProgram: async () => [
    'mutation ($input: CreateProgramInput!) { createProgram(input: $input) { id } }',
    { input: { workspaceId: enrollment.workspaceId, code: 'new', name: 'New' } },
  ],
  enrollDevice: async () => [
    'mutation ($input: EnrollDeviceInput!) { enrollDevice(input: $input) { id } }',
    { input: { programId: await enrollment.addProgram(), deviceId: enrollment.addDevice() } },
  ],
  endEnrollment: async () => [
    'mutation ($input: EndEnrollmentInput!) { endEnrollment(input: $input) { id } }',
    { input: { id: await enrollment.addEnrollment() } },
  ],
};
const mutations = ['createProgram', 'enrollDevice', 'endEnrollment'];

const askAs = async (email: string | null, operation: string) => {
  const [query, variables] = (await operations[operation]?.()) ?? ['', {}];
  const { data, errors } = await enrollment.ask<Record<string, unknown>>(email, query, {
    ...variables,
  });
  return { served: data?.[operation] ?? null, code: errors?.[0]?.extensions.code };
};

describe('without a token', () => {
  it.each(Object.keys(operations))('%s is refused', async (operation) => {
    expect(await askAs(null, operation)).toEqual({ served: null, code: 'UNAUTHENTICATED' });
  });
});

describe('a viewer', () => {
  it.each(mutations)('is refused %s', async (operation) => {
    expect(await askAs(VIEWER, operation)).toEqual({ served: null, code: 'FORBIDDEN' });
  });

  it.each(['program', 'programs'])('reads %s', async (operation) => {
    expect((await askAs(VIEWER, operation)).served).not.toBeNull();
  });
});

describe('a stranger', () => {
  it.each(Object.keys(operations))('finds nothing by %s', async (operation) => {
    expect(await askAs(STRANGER, operation)).toEqual({ served: null, code: 'NOT_FOUND' });
  });

  it('gets the same answer for a program that exists, a missing one, and what is no id', async () => {
    const hidden = await enrollment.ask(STRANGER, PROGRAM, { id: await enrollment.addProgram() });

    expect(await enrollment.ask(STRANGER, PROGRAM, { id: uuidv7() })).toEqual(hidden);
    expect(await enrollment.ask(STRANGER, PROGRAM, { id: 'nonsense' })).toEqual(hidden);
  });
});

describe('in an archived workspace, an editor', () => {
  let inUse: TestEnrollment;
  beforeAll(async () => {
    inUse = enrollment;
    enrollment = await startTestEnrollment();
    enrollment.identity.archived.add(enrollment.workspaceId);
  });
  afterAll(async () => {
    await enrollment.dispose();
    enrollment = inUse;
  });

  it.each(mutations)('is refused %s', async (operation) => {
    expect(await askAs(EDITOR, operation)).toEqual({ served: null, code: 'CONFLICT' });
  });

  it.each(['program', 'programs'])('reads %s', async (operation) => {
    expect((await askAs(EDITOR, operation)).served).not.toBeNull();
  });
});

describe('while identity is away', () => {
  let alone: TestEnrollment;
  beforeAll(async () => {
    alone = await startTestEnrollment();
    await alone.identity.server.stop();
  });
  afterAll(() => alone.dispose());

  it('nothing is served, and the caller is told why', async () => {
    const answer = await alone.ask(VIEWER, PROGRAM, { id: await alone.addProgram() });

    expect(answer).toMatchObject({
      data: { program: null },
      errors: [
        {
          message: expect.stringContaining("can't be looked up"),
          extensions: { code: 'SERVICE_UNAVAILABLE' },
        },
      ],
    });
  });
});
