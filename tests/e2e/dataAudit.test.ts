import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { generateDemoWorkspace } from '../../src/domains/identity/demo/demoWorkspace.ts';
import { waitFor } from '../support/waitFor.ts';
import { type Answer, type Supergraph, startSupergraph } from './supergraph.ts';

let supergraph: Supergraph;
let workspaceId: string;

const TRIGGER = /* GraphQL */ `
  mutation ($workspaceId: ID!) {
    triggerDataAudit(input: { workspaceId: $workspaceId }) { batchId recordCount }
  }
`;
const triggered = z.object({
  triggerDataAudit: z.object({ batchId: z.string(), recordCount: z.number() }),
});

const trigger = (email: string | null, id = workspaceId): Promise<Answer> =>
  supergraph.ask(email, TRIGGER, { workspaceId: id });

const codeOf = ({ errors }: Answer) => errors?.[0]?.extensions.code;

beforeAll(async () => {
  supergraph = await startSupergraph();
  const { data } = await supergraph.ask(
    'viewer@demo.example',
    '{ workspaceBySlug(slug: "demo") { id } }',
  );
  workspaceId = z.object({ workspaceBySlug: z.object({ id: z.string() }) }).parse(data)
    .workspaceBySlug.id;
}, 90_000);
afterAll(() => supergraph.stop());

async function untilAudited(batchId: string) {
  const shape = z.object({
    stagedBatch: z.object({
      status: z.string(),
      sourceType: z.string(),
      profile: z.string(),
      autoPromote: z.boolean(),
      recordCount: z.number(),
      processedCount: z.number(),
    }),
  });
  return waitFor('the audit to rest', async () => {
    const { data } = await supergraph.ask(
      'viewer@demo.example',
      `query ($id: ID!) {
        stagedBatch(id: $id) { status sourceType profile autoPromote recordCount processedCount }
      }`,
      { id: batchId },
    );
    const { stagedBatch } = shape.parse(data);
    return ['QUEUED', 'PROCESSING'].includes(stagedBatch.status) ? undefined : stagedBatch;
  });
}

describe('triggerDataAudit refuses', () => {
  it('a caller without a token', async () => {
    expect(codeOf(await trigger(null))).toBe('UNAUTHENTICATED');
  });

  it('a viewer', async () => {
    const answer = await trigger('viewer@demo.example');
    expect(codeOf(answer)).toBe('FORBIDDEN');
    expect(answer.errors?.[0]?.message).toContain('EDITOR');
  });

  it('a stranger as it refuses anybody a workspace that is not there', async () => {
    const stranger = await trigger('stranger@demo.example');
    const missing = await trigger('stranger@demo.example', '019ab000-0000-7000-8000-000000000001');
    expect(codeOf(stranger)).toBe('NOT_FOUND');
    expect(missing).toEqual(stranger);
  });
});

it('audits the workspace and finds what was planted, no more and no fewer', async () => {
  const { data } = await trigger('editor@demo.example');
  const { batchId, recordCount } = triggered.parse(data).triggerDataAudit;
  expect(recordCount).toBe(2_000);

  expect(await untilAudited(batchId)).toEqual({
    status: 'READY_FOR_REVIEW',
    sourceType: 'DATA_AUDIT',
    profile: 'dataAudit',
    autoPromote: false,
    recordCount: 2_000,
    processedCount: 2_000,
  });

  const { stdout } = await supergraph.cli('findings', '--batch', batchId, '--format', 'ndjson');
  const line = z.object({
    entityType: z.enum(['contact', 'site', 'device']),
    externalId: z.string(),
    ruleId: z.string(),
    field: z.string(),
    severity: z.string(),
    relatedExternalIds: z.array(z.string()),
  });
  const found = stdout
    .trim()
    .split('\n')
    .map((text) => line.parse(JSON.parse(text)));
  expect(found.map(describeFinding).sort()).toEqual(
    generateDemoWorkspace().planted.map(describeFinding).sort(),
  );
});

function describeFinding(finding: {
  readonly externalId: string;
  readonly ruleId: string;
  readonly field: string;
  readonly severity: string;
  readonly relatedExternalIds: readonly string[];
}): string {
  const { externalId, ruleId, field, severity, relatedExternalIds } = finding;
  return [externalId, ruleId, field, severity, ...[...relatedExternalIds].sort()].join(' ');
}

it('gives two triggers at the same instant one batch and one AUDIT_IN_PROGRESS', async () => {
  const answers = await Promise.all([
    trigger('editor@demo.example'),
    trigger('reviewer@demo.example'),
  ]);

  const started = answers.filter((answer) => answer.errors === undefined);
  const refused = answers.filter((answer) => answer.errors !== undefined);
  expect(started).toHaveLength(1);
  const { batchId } = triggered.parse(started[0]?.data).triggerDataAudit;
  expect(refused[0]?.errors?.[0]?.extensions).toMatchObject({ code: 'AUDIT_IN_PROGRESS', batchId });
  await untilAudited(batchId);
});

it('refuses to audit a workspace that has nothing to audit', async () => {
  const { data } = await supergraph.ask(
    'founder@demo.example',
    'mutation { createWorkspace(input: { slug: "empty" }) { id } }',
  );
  const { id } = z
    .object({ createWorkspace: z.object({ id: z.string() }) })
    .parse(data).createWorkspace;

  expect(codeOf(await trigger('founder@demo.example', id))).toBe('EMPTY_WORKSPACE');
});

it('joins a device with its enrollments through the gateway', async () => {
  const { data } = await supergraph.ask(
    'viewer@demo.example',
    `{
      workspaceBySlug(slug: "demo") {
        devices(first: 50) {
          edges { node { serialNumber site { name } enrollments { status program { name } } } }
        }
      }
    }`,
  );
  const shape = z.object({
    workspaceBySlug: z.object({
      devices: z.object({
        edges: z.array(
          z.object({
            node: z.object({
              enrollments: z.array(z.object({ program: z.object({ name: z.string() }) })),
            }),
          }),
        ),
      }),
    }),
  });
  const devices = shape.parse(data).workspaceBySlug.devices.edges;
  expect(devices).toHaveLength(50);
  expect(devices.some(({ node }) => node.enrollments.length > 0)).toBe(true);
});

it('answers what is there beside what is not, of both subgraphs', async () => {
  const { data, errors } = await supergraph.ask(
    'viewer@demo.example',
    `query ($workspaceId: ID!, $missing: ID!) {
      me { email }
      contact(id: $missing) { id }
      programs(workspaceId: $workspaceId, first: 1) { edges { node { workspaceId } } }
    }`,
    { workspaceId: workspaceId.toUpperCase(), missing: '019ab000-0000-7000-8000-000000000001' },
  );

  expect(data).toEqual({
    me: { email: 'viewer@demo.example' },
    contact: null,
    programs: { edges: [{ node: { workspaceId } }] },
  });
  expect(errors).toMatchObject([{ path: ['contact'], extensions: { code: 'NOT_FOUND' } }]);
});

it.each([
  ['the document', '{ workspaceBySlug(slug: "a\\u0000") { id } }', {}],
  ['a variable', 'query ($slug: String!) { workspaceBySlug(slug: $slug) { id } }', { slug: '\0' }],
])('refuses a null character in %s', async (_what, query, variables) => {
  expect(codeOf(await supergraph.ask('viewer@demo.example', query, variables))).toBe(
    'BAD_USER_INPUT',
  );
});
