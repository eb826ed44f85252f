import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import { v7 as uuidv7 } from 'uuid';
import { createEnrollmentServer } from '../../../src/domains/enrollment/enrollmentServer.ts';
import { PrismaClient } from '../../../src/domains/enrollment/generated/prisma/client.ts';
import { signDevelopmentToken } from '../../../src/platform/auth/developmentKey.ts';
import { readConfig } from '../../../src/platform/config.ts';
import { createLogger } from '../../../src/platform/logger.ts';
import { createTestDatabase } from '../../support/testDatabase.ts';
import { createFakeIdentity, type FakeIdentity } from './fakeIdentity.ts';

/** Has the role of their name in the workspace; nobody else is a member of it. */
export const EDITOR = 'editor@example.org';
export const VIEWER = 'viewer@example.org';
export const STRANGER = 'stranger@example.org';

export interface Answer<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions: Readonly<Record<string, unknown>>;
  }[];
}

export interface TestEnrollment {
  readonly identity: FakeIdentity;
  readonly workspaceId: string;
  /** SQL statements since the last look. */
  takeStatements(): readonly string[];
  /** @param email - who asks; null without a token */
  ask<Data>(
    email: string | null,
    query: string,
    variables?: Readonly<Record<string, unknown>>,
  ): Promise<Answer<Data>>;
  addDevice(workspaceId?: string): string;
  /** A further workspace, whose EDITOR is the given person. */
  addWorkspace(editor: string): string;
  addProgram(values?: { workspaceId?: string; code?: string }): Promise<string>;
  addEnrollment(values?: { workspaceId?: string; deviceId?: string }): Promise<string>;
  dispose(): Promise<void>;
}

/** The enrollment subgraph on a database of its own, beside a fake identity subgraph. */
export async function startTestEnrollment(): Promise<TestEnrollment> {
  const database = await createTestDatabase('enrollment');
  const dataDir = await mkdtemp(join(tmpdir(), 'enrollment-'));
  const config = readConfig({ DATA_DIR: dataDir, LOG_LEVEL: 'silent' });
  const logger = createLogger('enrollment', config);

  const statements: string[] = [];
  const prisma = new PrismaClient({
    adapter: new PrismaPg({ connectionString: database.connectionString }),
    log: [{ emit: 'event', level: 'query' }],
  });
  prisma.$on('query', ({ query }) => statements.push(query));

  const identity = createFakeIdentity(config, logger);
  const { url } = await identity.server.start();
  const server = createEnrollmentServer({
    config,
    logger,
    prisma,
    identityUrl: `${url}/graphql`,
    port: 0,
  });

  const workspaceId = uuidv7();
  identity.members.set(EDITOR, new Map([[workspaceId, 'EDITOR']]));
  identity.members.set(VIEWER, new Map([[workspaceId, 'VIEWER']]));

  const self: TestEnrollment = {
    identity,
    workspaceId,
    takeStatements: () => statements.splice(0),
    async ask(email, query, variables = {}) {
      const token = email && (await signDevelopmentToken(config, email));
      const response = await server.fetch('http://enrollment/graphql', {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(token ? { authorization: `Bearer ${token}` } : {}),
        },
        body: JSON.stringify({ query, variables }),
      });
      return response.json();
    },
    addDevice(workspace = workspaceId) {
      const id = uuidv7();
      identity.devices.set(id, workspace);
      return id;
    },
    addWorkspace(editor) {
      const id = uuidv7();
      identity.members.set(editor, new Map(identity.members.get(editor)).set(id, 'EDITOR'));
      return id;
    },
    async addProgram(values = {}) {
      const id = uuidv7();
      await prisma.program.create({ data: { id, workspaceId, code: id, name: 'Care', ...values } });
      return id;
    },
    async addEnrollment({ workspaceId: workspace = workspaceId, deviceId } = {}) {
      const { id } = await prisma.enrollment.create({
        data: {
          id: uuidv7(),
          workspaceId: workspace,
          programId: await self.addProgram({ workspaceId: workspace }),
          deviceId: deviceId ?? self.addDevice(workspace),
        },
      });
      return id;
    },
    async dispose() {
      await identity.server.stop();
      await server.stop();
      await prisma.$disconnect();
      await rm(dataDir, { recursive: true });
      await database.drop();
    },
  };
  return self;
}
