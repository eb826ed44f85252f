import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { Readable } from 'node:stream';
import { json } from 'node:stream/consumers';
import { pino } from 'pino';
import { createIdentityServer } from '../../../../src/domains/identity/identityServer.ts';
import { signDevelopmentToken } from '../../../../src/platform/auth/developmentKey.ts';
import { readConfig } from '../../../../src/platform/config.ts';
import { createTemporaryFolder } from '../../../support/temporaryFolder.ts';
import { createGraphQLTestbed, type GraphQLTestbed } from '../support/graphqlTestbed.ts';

/** What `POST /imports` answered. */
export interface ImportAnswer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: answers have the shape of their outcome
  readonly body: any;
}

/** The identity subgraph over HTTP, with a workspace that `ada` may import into. */
export interface ImportBed extends GraphQLTestbed {
  readonly workspaceId: string;
  /** Begins an upload of contacts; the caller writes the file. */
  startUpload(): Promise<ClientRequest>;
  /** Uploads contacts; what is left of the file when the answer comes is not sent. */
  upload(file: Iterable<string | Uint8Array> | AsyncIterable<Uint8Array>): Promise<ImportAnswer>;
  /** How many batches and staged rows there are. */
  staged(): Promise<{ batches: readonly { status: string; reason: string }[]; rows: number }>;
}

/** @param environment - of the service, for its limits */
export async function createImportBed(environment: NodeJS.ProcessEnv = {}): Promise<ImportBed> {
  const testbed = await createGraphQLTestbed();
  const config = readConfig({ ...environment, DATA_DIR: await createTemporaryFolder('imports') });
  const { runtime } = testbed;
  const logger = pino({ level: 'silent' });
  const server = createIdentityServer({ config, logger, runtime, port: 0 });
  const { url } = await server.start();
  const workspaceId = await testbed.createWorkspace({ createdBy: await testbed.userId('ada') });
  const startUpload = async (): Promise<ClientRequest> => {
    const token = await signDevelopmentToken(config, 'ada@test.example');
    const upload = request(`${url}/imports?workspaceId=${workspaceId}&profile=contactImport`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
    });
    // After the answer, the server may close the connection under what is still sent.
    upload.on('error', () => {});
    return upload;
  };
  return {
    ...testbed,
    workspaceId,
    startUpload,
    async upload(file) {
      const upload = await startUpload();
      const source = Readable.from(asBuffers(file), { objectMode: false });
      source.pipe(upload);
      const [response]: IncomingMessage[] = await once(upload, 'response');
      if (response === undefined) throw new Error('There was no response.');
      const body = await json(response);
      source.destroy();
      upload.destroy();
      return { status: response.statusCode ?? 0, body };
    },
    async staged() {
      const { rows: batches } = await runtime.pool.query(
        'SELECT status, failure_reason AS reason FROM staged_batch ORDER BY id',
      );
      const { rows } = await runtime.pool.query('SELECT count(*)::int AS count FROM staged_record');
      return { batches, rows: rows[0].count };
    },
    async close() {
      await server.stop();
      await testbed.close();
    },
  };
}

async function* asBuffers(chunks: Iterable<string | Uint8Array> | AsyncIterable<Uint8Array>) {
  for await (const chunk of chunks) yield Buffer.from(chunk);
}
