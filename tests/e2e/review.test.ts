import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createTemporaryFolder } from '../support/temporaryFolder.ts';
import { type Supergraph, startSupergraph } from './supergraph.ts';

const REVIEWER = 'reviewer@demo.example';
/** The rules that suggest phone numbers in the form of E.164. */
const PHONE_RULES = ['contact.phone.format', 'site.phone.format'];

let supergraph: Supergraph;
beforeAll(async () => {
  supergraph = await startSupergraph();
}, 90_000);
afterAll(() => supergraph.stop());

const json = (...args: string[]) => supergraph.json('--as', REVIEWER, ...args);

async function lines(...args: string[]) {
  const { exitCode, stdout, stderr } = await supergraph.cli('--json', '--as', REVIEWER, ...args);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

const audit = async (): Promise<string> =>
  (await json('audit', '--workspace', 'demo', '--wait')).batchId;

/** Everything that an audit found but for when, so that it can be compared with another audit. */
async function findingsOf(batchId: string): Promise<readonly string[]> {
  return (await lines('findings', '--batch', batchId))
    .map(({ state, firstSeenAt, lastSeenAt, ...finding }) => JSON.stringify(finding))
    .sort();
}

const isOfPhones = (finding: string): boolean => PHONE_RULES.includes(JSON.parse(finding).ruleId);

const ENTITY_FIELDS = {
  contacts: 'kind givenName familyName organisationName email phone birthDate',
  sites: 'name phone email latitude longitude timeZone owner { id }',
  devices:
    'serialNumber manufacturer model category macAddress firmware installedOn warrantyEndsOn status site { id }',
};
const ADDRESS = 'streetNumber addressLine1 addressLine2 locality region postalCode country';

const page = z.object({
  page: z.object({
    edges: z.array(z.object({ node: z.looseObject({ id: z.string() }) })),
    pageInfo: z.object({ endCursor: z.string().nullable(), hasNextPage: z.boolean() }),
  }),
});

/** All entities of the demo, as they are apart from version and time stamps. */
async function everything(): Promise<ReadonlyMap<string, unknown>> {
  const { data } = await supergraph.ask(REVIEWER, '{ workspaceBySlug(slug: "demo") { id } }');
  const { workspaceBySlug } = z
    .object({ workspaceBySlug: z.object({ id: z.string() }) })
    .parse(data);
  const entities = new Map<string, unknown>();
  for (const [list, own] of Object.entries(ENTITY_FIELDS)) {
    const fields = `id externalId state ${own} ${list === 'devices' ? '' : ADDRESS}`;
    for (let after: string | null = null, more = true; more; ) {
      const answer: Awaited<ReturnType<Supergraph['ask']>> = await supergraph.ask(
        REVIEWER,
        `query ($workspaceId: ID!, $after: String) {
          page: ${list}(workspaceId: $workspaceId, first: 500, after: $after) {
            edges { node { ${fields} } } pageInfo { endCursor hasNextPage }
          }
        }`,
        { workspaceId: workspaceBySlug.id, after },
      );
      const { edges, pageInfo } = page.parse(answer.data).page;
      for (const { node } of edges) entities.set(node.id, node);
      after = pageInfo.endCursor;
      more = pageInfo.hasNextPage;
    }
  }
  return entities;
}

describe('accepting all suggested phone numbers, promoting and reverting them', () => {
  let batchId: string;
  let before: ReadonlyMap<string, unknown>;
  let found: readonly string[];
  let phones: readonly string[];

  beforeAll(async () => {
    before = await everything();
    batchId = await audit();
    found = await findingsOf(batchId);
    phones = found.filter(isOfPhones);
    expect(before.size).toBe(2_000);
    expect(phones.length).toBeGreaterThan(10);
    expect(phones.length).toBeLessThan(found.length);
  }, 60_000);

  it('decides on all of them by filter, and on nothing else', async () => {
    const decided = await Promise.all(
      PHONE_RULES.map(async (ruleId) => {
        const { data, errors } = await supergraph.ask(
          REVIEWER,
          `mutation ($batchId: ID!, $ruleId: String!) {
            acceptFindings(input: { batchId: $batchId, filter: { ruleId: $ruleId } }) {
              decidedCount skipped { reason count }
            }
          }`,
          { batchId, ruleId },
        );
        expect(errors).toBeUndefined();
        return z
          .object({
            acceptFindings: z.object({ decidedCount: z.number(), skipped: z.array(z.unknown()) }),
          })
          .parse(data).acceptFindings;
      }),
    );

    expect(decided.reduce((sum, { decidedCount }) => sum + decidedCount, 0)).toBe(phones.length);
    expect(decided.flatMap(({ skipped }) => skipped)).toEqual([]);
  });

  it('says what a promotion would do, and changes nothing', async () => {
    expect(await json('promote', batchId, '--dry-run')).toMatchObject({
      dryRun: true,
      runId: null,
      counts: { applied: phones.length, conflicts: 0, failed: 0 },
    });
    expect(await everything()).toEqual(before);
  });

  it('promotes them: the next audit finds these no more, and all others as before', async () => {
    expect(await json('promote', batchId)).toMatchObject({
      dryRun: false,
      status: 'READY_FOR_REVIEW',
      counts: { applied: phones.length, conflicts: 0, failed: 0 },
    });

    const after = await everything();
    for (const phone of phones) {
      const { entityId, suggestedValue } = JSON.parse(phone);
      expect(after.get(entityId)).toEqual({
        ...z.looseObject({}).parse(before.get(entityId)),
        phone: suggestedValue,
      });
    }
    expect(await findingsOf(await audit())).toEqual(found.filter((one) => !isOfPhones(one)));
  });

  it('records who changed what, and through which batch', async () => {
    const { entityId, currentValue, suggestedValue } = JSON.parse(phones[0] ?? '');

    const [change, ...earlier] = await lines('history', entityId);

    expect(change).toMatchObject({
      kind: 'UPDATED',
      before: { phone: currentValue },
      after: { phone: suggestedValue },
      actor: { email: REVIEWER },
      batch: { id: batchId },
      reverted: false,
    });
    expect(earlier).toMatchObject([{ kind: 'CREATED' }]);
  });

  it('reverts them: every entity is what it was', async () => {
    expect(await json('revert', batchId, '--dry-run')).toMatchObject({
      counts: { reversed: phones.length, kept: 0, errored: 0 },
    });

    expect(await json('revert', batchId)).toMatchObject({
      counts: { reversed: phones.length, kept: 0, errored: 0 },
    });

    expect(await everything()).toEqual(before);
    expect(await findingsOf(await audit())).toEqual(found);
  });

  it('reverts nothing more when it is called again', async () => {
    expect(await json('revert', batchId)).toMatchObject({
      counts: { reversed: 0, kept: 0, errored: 0 },
    });
    expect(await everything()).toEqual(before);
  });
});

describe('reviewing an import from the command line', () => {
  let batchId: string;
  const sites = async () =>
    (await lines('review', batchId, '--status', 'PROMOTED')).map(({ entity }) => entity.externalId);

  beforeAll(async () => {
    await json('workspace', 'create', 'reviewed', '--country', 'US');
    const file = join(await createTemporaryFolder('review'), 'sites.csv');
    await writeFile(
      file,
      [
        'externalId,name,addressLine1,locality,phone',
        '1,Depot,1 Main St,Chicago,(312) 555-0142',
        '2,Hub ,2 Main St,Chicago,',
        '3,Yard,3 Main St,Chicago,77352211561150',
      ].join('\n'),
    );
    ({ batchId } = await json(
      ...['import', file, '--workspace', 'reviewed', '--profile', 'siteImport'],
    ));
  });

  it('lists what needs it', async () => {
    const records = await lines('review', batchId);

    expect(
      records.flatMap(({ rowIndex, findings }) =>
        findings.map(({ ruleId }: { ruleId: string }) => [rowIndex, ruleId]),
      ),
    ).toEqual([
      [0, 'site.phone.format'],
      [1, 'site.text.whitespace'],
      [2, 'site.phone.invalid'],
    ]);
    const { stdout } = await supergraph.cli('--as', REVIEWER, 'review', batchId);
    expect(stdout).toContain('(312) 555-0142');
  });

  it('takes no value that the rules refuse, and takes one that they do not', async () => {
    const [record] = await lines('review', batchId, '--rule', 'site.phone.invalid');
    const key = `${record.rowIndex}:${record.findings[0].ordinal}`;
    const accept = (value: string) =>
      supergraph.cli(
        '--as',
        REVIEWER,
        'review',
        batchId,
        '--accept',
        '--finding',
        `${key}=${value}`,
      );

    const refused = await accept('12');
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain('(BAD_USER_INPUT)');

    expect((await accept('+13125550199')).stdout).toBe('1 finding accepted.\n');
  });

  it('decides on nothing in a dry run', async () => {
    expect(await json('review', batchId, '--accept', '--all', '--dry-run')).toMatchObject({
      dryRun: true,
      decisionId: null,
      decidedCount: 2,
    });
    expect(await lines('review', batchId, '--rule', 'site.phone.format')).toHaveLength(1);
  });

  it('creates what is accepted, and archives it again when it is reverted', async () => {
    await json('review', batchId, '--accept', '--all');
    await json('review', batchId, '--accept', '--records', '--all', '--comment', 'As agreed.');

    expect(await json('promote', batchId)).toMatchObject({ counts: { applied: 3 } });
    expect(await sites()).toEqual(['1', '2', '3']);

    expect(await json('revert', batchId, '--row', '1')).toMatchObject({ counts: { reversed: 1 } });
    expect(await sites()).toEqual(['1', '3']);
    const [reverted] = await lines('review', batchId, '--status', 'REVERTED');
    const [last] = await lines('history', reverted.entity.id);
    expect(last).toMatchObject({ kind: 'REVERTED', after: { state: 'ARCHIVED' } });
  });
});

it('a viewer neither decides, promotes nor reverts', async () => {
  const batchId = await audit();
  for (const args of [
    ['review', batchId, '--accept', '--all'],
    ['promote', batchId],
    ['revert', batchId],
  ]) {
    const { exitCode, stderr } = await supergraph.cli('--as', 'viewer@demo.example', ...args);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: expect.stringContaining('(FORBIDDEN)'),
    });
  }
});
