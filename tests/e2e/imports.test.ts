import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createTemporaryFolder } from '../support/temporaryFolder.ts';
import { waitFor } from '../support/waitFor.ts';
import { IMPORT_SHAPES } from './importShapes.ts';
import { type Supergraph, startSupergraph } from './supergraph.ts';

const ADMIN = 'admin@demo.example';

let supergraph: Supergraph;
let folder: string;
let workspaces = 0;

beforeAll(async () => {
  supergraph = await startSupergraph();
  folder = await createTemporaryFolder('imports');
}, 90_000);
afterAll(() => supergraph.stop());

const json = (...args: string[]) => supergraph.json(...args);

async function newWorkspace(): Promise<string> {
  workspaces += 1;
  const slug = `imports-${workspaces}`;
  await json('workspace', 'create', slug);
  return slug;
}

async function importFile(
  workspace: string,
  type: string,
  content: string | Buffer,
  options: readonly string[] = [],
): Promise<string> {
  const path = join(folder, 'file');
  await writeFile(path, content);
  const args = ['import', path, '--workspace', workspace, '--profile', `${type}Import`, ...options];
  return (await json(...args)).batchId;
}

/** Accepts all records with the values that they have, and promotes them. */
async function acceptAndPromote(batchId: string) {
  await json('review', batchId, '--reject', '--all');
  return acceptRecords(batchId);
}

async function acceptRecords(batchId: string) {
  await json('review', batchId, '--accept', '--records', '--all');
  return json('promote', batchId);
}

async function exportRows(workspace: string, type: string) {
  const { stdout } = await supergraph.cli(
    ...['export', '--workspace', workspace, '--type', type, '--format', 'ndjson'],
  );
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

const batchShape = z.object({
  stagedBatch: z.object({
    status: z.string(),
    matchCounts: z.array(z.object({ kind: z.string(), count: z.number() })),
  }),
});

async function readBatch(id: string) {
  const { data } = await supergraph.ask(
    ADMIN,
    'query ($id: ID!) { stagedBatch(id: $id) { status matchCounts { kind count } } }',
    { id },
  );
  return batchShape.parse(data).stagedBatch;
}

describe.each(IMPORT_SHAPES)('$name', ({ type, file, options, exported, counts }) => {
  it('gets to production, and comes back out and in unchanged', async () => {
    const workspace = await newWorkspace();
    const batchId = await importFile(workspace, type, file, options);
    await acceptAndPromote(batchId);

    const sound = counts.rows - counts.invalid;
    const rows = await exportRows(workspace, type);
    expect(rows).toHaveLength(sound);
    expect(rows.slice(0, exported.length)).toMatchObject(exported);

    const path = join(folder, 'exported.csv');
    await supergraph.cli(...['export', '--workspace', workspace, '--type', type, '--output', path]);
    const again = await importFile(workspace, type, await readFile(path));
    expect(await readBatch(again)).toEqual({
      ...{ status: 'COMPLETED', matchCounts: [{ kind: 'UNCHANGED', count: sound }] },
    });
  });
});

const rawDataShape = z.object({
  stagedBatch: z.object({
    records: z.object({ edges: z.array(z.object({ node: z.object({ rawData: z.unknown() }) })) }),
  }),
});

describe('rows that can not be read', () => {
  it('are kept with their line, their text and the reason, beside those that can', async () => {
    const workspace = await newWorkspace();
    const batchId = await importFile(
      ...([workspace, 'contact'] as const),
      'externalId,givenName\nC-1,Ada\nC-2,"x"y\nC-3,Eve\n',
    );
    await acceptAndPromote(batchId);

    const { data } = await supergraph.ask(
      ADMIN,
      `query ($id: ID!) {
         stagedBatch(id: $id) { records(filter: { status: INVALID }) { edges { node { rawData } } } }
       }`,
      { id: batchId },
    );
    const { edges } = rawDataShape.parse(data).stagedBatch.records;
    expect(edges.map(({ node }) => node.rawData)).toEqual([
      { line: 3, raw: 'C-2,"x"y', unreadable: expect.any(String) },
    ]);
    expect(await exportRows(workspace, 'contact')).toMatchObject([
      { externalId: 'C-1' },
      { externalId: 'C-3' },
    ]);
  });

  it('come out as a file, and in again once they are corrected', async () => {
    const workspace = await newWorkspace();
    const text = 'externalId,givenName,birthDate\nC-1,Ada,1815-12-10\nC-2,Eve,gestern\n';
    await acceptAndPromote(await importFile(workspace, 'contact', text));
    const batchId = await importFile(workspace, 'contact', text);

    const { stdout } = await supergraph.cli('rejected', batchId);
    expect(stdout).toContain(
      'externalId,givenName,birthDate,_raw,_line,_reason\nC-2,Eve,gestern,,3,',
    );

    const corrected = stdout.replace('C-2,Eve,gestern', 'C-2,Eve,1999-01-02');
    await acceptAndPromote(await importFile(workspace, 'contact', corrected));
    expect(await exportRows(workspace, 'contact')).toMatchObject([
      { externalId: 'C-1' },
      { externalId: 'C-2', birthDate: '1999-01-02' },
    ]);
  });
});

describe('rows that refer to others', () => {
  it('of the same file are linked, whatever comes first', async () => {
    const workspace = await newWorkspace();
    const batchId = await importFile(
      ...([workspace, 'site'] as const),
      `entityType,externalId,name,addressLine1,postalCode,locality,country,serialNumber,siteExternalId
device,D-1,,,,,,SN-1,S-1
site,S-1,Depot,1 N Ogden Ave,60607,Chicago,US,,
`,
    );
    await acceptRecords(batchId);

    const [site] = await exportRows(workspace, 'site');
    expect(await exportRows(workspace, 'device')).toMatchObject([
      { serialNumber: 'SN-1', siteId: site.id },
    ]);
  });

  it('of an earlier batch wait until that is in production', async () => {
    const workspace = await newWorkspace();
    const sites = await importFile(workspace, 'site', 'externalId,name\nS-1,Depot\n');
    const devices = await importFile(
      ...([workspace, 'device'] as const),
      'serialNumber,siteExternalId\nSN-1,S-1\n',
    );

    const { stdout } = await supergraph.cli('findings', '--batch', devices, '--format', 'csv');
    expect(stdout).toContain('device.site.awaited');
    expect(await acceptRecords(devices)).toMatchObject({ counts: { waiting: 1 } });
    expect(await exportRows(workspace, 'device')).toEqual([]);

    await acceptAndPromote(sites);
    await json('promote', devices);
    const [site] = await exportRows(workspace, 'site');
    expect(await exportRows(workspace, 'device')).toMatchObject([{ siteId: site.id }]);
  });
});

const workspaceShape = z.object({ workspaceBySlug: z.object({ id: z.string() }) });
const ingestedShape = z.object({
  ingestStagedBatch: z.object({
    ...{ batchId: z.string(), recordCount: z.number(), repeated: z.boolean() },
  }),
});

describe('rows of another system', () => {
  it('get to production once, however often they are sent', async () => {
    const workspace = await newWorkspace();
    const found = await supergraph.ask(
      ADMIN,
      'query ($slug: String!) { workspaceBySlug(slug: $slug) { id } }',
      { slug: workspace },
    );
    const { id } = workspaceShape.parse(found.data).workspaceBySlug;
    const send = async () => {
      const { data } = await supergraph.ask(
        ADMIN,
        `mutation ($input: IngestStagedBatchInput!) {
           ingestStagedBatch(input: $input) { batchId recordCount repeated }
         }`,
        {
          input: {
            ...{ workspaceId: id, profile: 'contactImport', idempotencyKey: 'crm-1' },
            rows: [{ externalId: 'C-1', givenName: 'Ada', familyName: 'Byron' }],
          },
        },
      );
      return ingestedShape.parse(data).ingestStagedBatch;
    };
    const first = await send();
    await waitFor('the rows to be checked', async () => {
      return (await readBatch(first.batchId)).status === 'READY_FOR_REVIEW';
    });
    await acceptAndPromote(first.batchId);

    expect(await send()).toEqual({ ...first, repeated: true });
    expect(await exportRows(workspace, 'contact')).toMatchObject([{ externalId: 'C-1' }]);
  });
});
