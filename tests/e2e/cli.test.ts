import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Supergraph, startSupergraph } from './supergraph.ts';

let supergraph: Supergraph;
let folder: string;

beforeAll(async () => {
  supergraph = await startSupergraph();
  folder = await mkdtemp(join(tmpdir(), 'identity-cli-'));
}, 90_000);
afterAll(async () => {
  await supergraph.stop();
  await rm(folder, { recursive: true });
});

const json = (...args: string[]) => supergraph.json(...args);

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

/** Sites as a public list has them: line breaks in cells, phones without area code, blank columns. */
const SITES = `Id,Site name,Address,Zip,Phone,Fax,
1,"St. Mary
Nursery",1 N Ogden Ave,60607,(312) 555-0142,,
2,St. Kevin,10509 S Torrence Ave,60617,77352211561150,,
3,Gilchrist ,1001 W Roosevelt Rd,60608,,,
`;
const MAPPING = [
  ...['--map', 'Id=externalId', '--map', 'Site name=name', '--map', 'Address=addressLine1'],
  ...['--map', 'Zip=postalCode', '--set', 'country=US'],
];

describe('audit', () => {
  it('waits for the findings and prints them as JSON', async () => {
    const audit = await json('audit', '--workspace', 'demo', '--wait');
    expect(audit).toEqual({
      batchId: expect.any(String),
      recordCount: 2_000,
      status: 'READY_FOR_REVIEW',
      findings: expect.arrayContaining([
        {
          ruleId: 'contact.required',
          severity: 'ERROR',
          count: expect.any(Number),
          openCount: expect.any(Number),
          waivedCount: 0,
        },
      ]),
      ledger: {
        ...{ newCount: 0, resolvedCount: 0, regressedCount: 0 },
        persistingCount: expect.any(Number),
      },
    });
  });

  it('says to people how long it took', async () => {
    const { stdout } = await supergraph.cli('audit', '--workspace', 'demo', '--wait');
    expect(stdout).toMatch(/2000 records, READY_FOR_REVIEW after \d+\.\d s/);
  });

  it.each([
    [
      'a workspace that is not there',
      ['--workspace', 'nowhere'],
      'You have no workspace "nowhere"',
    ],
    ['a viewer', ['--workspace', 'demo', '--as', 'viewer@demo.example'], '(FORBIDDEN)'],
  ])('refuses %s in one line', async (_what, args, text) => {
    const { exitCode, stdout, stderr } = await supergraph.cli('audit', ...args);
    expect({ exitCode, stdout, lines: stderr.trim().split('\n').length }).toEqual({
      exitCode: 1,
      stdout: '',
      lines: 1,
    });
    expect(stderr).toContain(text);
  });
});

describe('findings', () => {
  it('streams them all, in every format', async () => {
    const { batchId, findings } = await json('audit', '--workspace', 'demo', '--wait');
    const total = findings.reduce((sum: number, { count }: { count: number }) => sum + count, 0);
    const print = async (format: string) =>
      (await supergraph.cli('findings', '--batch', batchId, '--format', format)).stdout;

    const fromCsv = parse(await print('csv'), { columns: true });
    const fromNdjson = (await print('ndjson'))
      .trim()
      .split('\n')
      .map((text) => JSON.parse(text));

    expect(fromCsv).toHaveLength(total);
    expect(fromNdjson).toHaveLength(total);
    expect(Object.keys(fromNdjson[0]).sort()).toEqual(
      [
        ...['entityType', 'entityId', 'externalId', 'ruleId', 'severity', 'field', 'message'],
        ...['currentValue', 'suggestedValue', 'suggestionCertainty'],
        ...['relatedEntityIds', 'relatedExternalIds', 'matches'],
        ...['state', 'firstSeenAt', 'lastSeenAt'],
      ].sort(),
    );
    expect(await print('table')).toContain('contact.duplicate');
    const inStates = ['NEW', 'PERSISTING', 'REGRESSED'].map(async (state) => {
      const { stdout } = await supergraph.cli(
        ...['findings', '--batch', batchId, '--json', '--state', state],
      );
      return stdout
        .trim()
        .split('\n')
        .filter(Boolean)
        .map((text) => JSON.parse(text).state);
    });
    const states = (await Promise.all(inStates)).flat();
    expect(states).toEqual(fromNdjson.map(({ state }) => state).sort());
  });
});

describe('config', () => {
  it('tests a change, makes it, and is what the next audit goes by', async () => {
    const rule = 'contact.phone.format';
    const demo = ['--workspace', 'demo'];
    const countOf = (findings: { ruleId: string; count: number }[]) =>
      findings.find(({ ruleId }) => ruleId === rule)?.count ?? 0;
    const before = countOf((await json('audit', ...demo, '--wait')).findings);
    expect(before).toBeGreaterThan(0);

    const { rules } = await json('config', 'test', rule, '--off', ...demo);
    const set = await json('config', 'set', rule, '--off', ...demo);
    const after = countOf((await json('audit', ...demo, '--wait')).findings);
    const reset = await json('config', 'reset', rule, ...demo);

    expect(rules).toEqual([
      { ruleId: rule, before, after, added: 0, removed: before - after, changed: 0 },
    ]);
    expect([set.rules, reset.rules]).toMatchObject([[{ ruleId: rule, enabled: false }], []]);
    const { stdout } = await supergraph.cli('config', 'history', ...demo);
    expect(stdout).toMatch(/enabled: false → true.*enabled: true → false/s);
  });
});

describe('import', () => {
  it('stages the rows of a messy file for review, and changes nothing in production', async () => {
    await json('workspace', 'create', 'staged', '--country', 'US');

    const imported = await json(
      ...['import', await file('sites.csv', SITES), '--workspace', 'staged'],
      ...['--profile', 'siteImport', ...MAPPING],
    );

    expect(imported).toMatchObject({
      recordCount: 3,
      status: 'READY_FOR_REVIEW',
      mapping: { Id: 'externalId', 'Site name': 'name', Phone: 'phone' },
      unmappedColumns: ['Fax', 'Column 7'],
      records: [{ status: 'NEEDS_REVIEW', count: 3 }],
    });
    const { stdout } = await supergraph.cli('findings', '--batch', imported.batchId, '--json');
    const findings = stdout
      .trim()
      .split('\n')
      .map((text) => JSON.parse(text));
    expect(findings).toMatchObject([
      { externalId: '1', ruleId: 'site.phone.format', suggestedValue: '+13125550142' },
      { externalId: '1', ruleId: 'site.text.whitespace', suggestedValue: 'St. Mary Nursery' },
      { externalId: '2', ruleId: 'site.phone.invalid', currentValue: '77352211561150' },
      { externalId: '3', ruleId: 'site.text.whitespace', suggestedValue: 'Gilchrist' },
    ]);
    const audit = await supergraph.cli('audit', '--workspace', 'staged');
    expect(audit.stderr).toContain('(EMPTY_WORKSPACE)');
  });

  it('with --dry-run says what would become of a file, and sends no more than that takes', async () => {
    const rows = Array.from(
      { length: 200_000 },
      (_, index) => `${index};Depot ${index};Nebenstrasse ${index};47,3769;8,5417;31.12.2024`,
    );
    const path = await file('depots.csv', `Nr;Name;Strasse;lat;lng;Seit\n${rows.join('\n')}\n`);
    await json('workspace', 'create', 'dry', '--country', 'CH');

    const preview = await json(
      ...['import', path, '--workspace', 'dry', '--profile', 'siteImport', '--dry-run'],
    );

    expect(preview).toMatchObject({
      format: { kind: 'CSV', delimiter: ';' },
      mapping: { Name: 'name', Strasse: 'addressLine1', lat: 'latitude', lng: 'longitude' },
      unmappedColumns: ['Nr', 'Seit'],
      decimalSeparator: { value: ',', reason: 'VALUES', example: '47,3769' },
      sampledRows: 1_000,
      matches: [{ match: 'NEW', count: 1_000 }],
    });
    expect(preview.rows[0].values).toMatchObject({ latitude: 47.3769, longitude: 8.5417 });
    expect(await json('batches', '--workspace', 'dry')).toEqual([]);
  });

  it('reads the next file of a source by a saved mapping, until that is removed', async () => {
    await json('workspace', 'create', 'sources', '--country', 'US');
    const importSites = async (text: string, ...options: string[]) =>
      supergraph.cli(
        ...['import', await file('source.csv', text), '--workspace', 'sources'],
        ...['--profile', 'siteImport', ...options],
      );
    await importSites(
      'Depot,No,Road\nA,1,Main St\n',
      ...['--map', 'Depot=name', '--map', 'Road=addressLine1', '--map', 'No=addressLine1'],
      ...['--save-mapping', 'Depots'],
    );

    const { stdout, stderr } = await importSites(
      'No,Depot\n2,B\n',
      ...['--mapping', 'Depots', '--dry-run'],
    );
    const [mapping] = await json('mappings', 'list', '--workspace', 'sources');
    await json('mappings', 'remove', mapping.id);
    const refused = await importSites('Depot\nC\n', '--mapping', 'Depots');

    expect(stderr).toContain('"Depot" fills name (as saved)');
    expect(stderr).toContain('In the mapping, but not in the file: Road.');
    expect(stdout).toContain('name: B, addressLine1: 2');
    expect(mapping).toMatchObject({ profile: 'siteImport', name: 'Depots' });
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain('--mapping: No mapping "Depots" is saved');
  });

  it('with --auto-promote creates what has no error, and the audit finds the rest of it', async () => {
    await json('workspace', 'create', 'promoted', '--country', 'US');

    const imported = await json(
      ...['import', await file('sites.csv', SITES), '--workspace', 'promoted', '--auto-promote'],
      ...['--profile', 'siteImport', ...MAPPING],
    );

    expect(imported.records).toEqual([
      { status: 'NEEDS_REVIEW', count: 1 },
      { status: 'PROMOTED', count: 2 },
    ]);
    const audit = await json('audit', '--workspace', 'promoted', '--wait');
    expect(audit).toMatchObject({
      recordCount: 2,
      findings: [
        { ruleId: 'site.text.whitespace', count: 2 },
        { ruleId: 'site.phone.format', count: 1 },
      ],
    });
  });

  it('brings nothing twice, and leaves to people what may be somebody who is there', async () => {
    await json('workspace', 'create', 'matched', '--country', 'US');
    const importPeople = async (row: string, ...options: string[]) =>
      json(
        ...['import', await file('people.csv', `externalId,givenName,familyName,email\n${row}\n`)],
        ...['--workspace', 'matched', '--profile', 'contactImport', ...options],
      );
    const ada = 'Ada,Byron,ada@example.com';

    const first = await importPeople(`P-1,${ada}`, '--auto-promote');
    const again = await importPeople(`P-1,${ada}`);
    const other = await importPeople(`Q-9,${ada}`);

    expect(first.matches).toEqual([{ kind: 'NEW', count: 1 }]);
    expect(again).toMatchObject({
      ...{ status: 'COMPLETED', matches: [{ kind: 'UNCHANGED', count: 1 }] },
    });
    expect(other.matches).toEqual([{ kind: 'AMBIGUOUS', count: 1 }]);
    const { match } = await json('review', other.batchId, '--match', 'AMBIGUOUS');
    const [{ entityId }] = match.candidates;
    const chosen = await json('match', 'choose', other.batchId, '--row', `0@0=${entityId}`);
    expect(chosen).toMatchObject([{ match: { kind: 'UPDATE' }, entity: { id: entityId } }]);
    await json('review', other.batchId, '--accept', '--records', '--all');
    await json('promote', other.batchId);
    expect((await importPeople(`Q-9,${ada}`)).matches).toEqual([{ kind: 'UNCHANGED', count: 1 }]);
  });

  it.each([
    ['a column that is not there', ['--map', 'Nom=name'], 'no column "Nom"'],
    ['a field that is not there', ['--map', 'Zip=zip'], 'no field "zip"'],
    ['a mapping that is none', ['--map', 'Zip'], 'map=column=field'],
    ['a viewer', ['--as', 'viewer@demo.example'], '(FORBIDDEN)'],
    [
      'an editor who wants no review',
      ['--as', 'editor@demo.example', '--auto-promote'],
      'REVIEWER',
    ],
  ])('refuses %s', async (_what, args, text) => {
    const { exitCode, stderr } = await supergraph.cli(
      ...['import', await file('sites.csv', SITES), '--workspace', 'demo'],
      ...['--profile', 'siteImport', ...args],
    );
    expect(exitCode).toBe(1);
    expect(stderr).toContain(text);
  });

  it.each([
    ['an empty file', '', 'The file is empty'],
    ['a header without rows', 'name,phone\n', 'no rows'],
    ['a file without a known column', 'a,b\n1,2\n', 'No column of the file fills a field'],
    ['a spreadsheet', 'PK\x03\x04\x14', 'save it as CSV'],
  ])('says what is wrong with %s', async (_what, text, message) => {
    const { exitCode, stderr } = await supergraph.cli(
      ...['import', await file('bad.csv', text), '--workspace', 'demo', '--profile', 'siteImport'],
    );
    expect(exitCode).toBe(1);
    expect(stderr).toContain(message);
  });

  it('keeps a row with too many cells as invalid, with its line', async () => {
    await json('workspace', 'create', 'ragged');
    const imported = await json(
      ...[
        'import',
        await file('ragged.csv', 'name,addressLine1\nDepot,1 Main St\nHub,2 Main St,?\n'),
      ],
      ...['--workspace', 'ragged', '--profile', 'siteImport'],
    );
    expect(imported.records).toContainEqual({ status: 'INVALID', count: 1 });
  });
});

describe('export', () => {
  const viewer = ['--as', 'viewer@demo.example'];

  it('prints to a viewer what an import finds unchanged', async () => {
    const path = join(folder, 'contacts.csv');
    const { exitCode, stdout } = await supergraph.cli(
      ...['export', '--workspace', 'demo', '--type', 'contact', '--output', path, ...viewer],
    );
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '' });

    const { recordCount, status, matches } = await json(
      ...['import', path, '--workspace', 'demo', '--profile', 'contactImport'],
    );

    expect(recordCount).toBeGreaterThan(500);
    expect({ status, matches }).toEqual({
      status: 'COMPLETED',
      matches: [{ kind: 'UNCHANGED', count: recordCount }],
    });
  });

  it('has the same entities in both formats', async () => {
    const print = async (...options: string[]) =>
      (await supergraph.cli('export', '--workspace', 'demo', ...viewer, ...options)).stdout;

    const fromCsv = parse<{ id: string }>(await print('--type', 'device'), { columns: true });
    const fromNdjson = (await print('--type', 'device', '--format', 'ndjson')).trim().split('\n');

    expect(fromNdjson.map((line) => JSON.parse(line).id)).toEqual(fromCsv.map(({ id }) => id));
  });

  it('is not for strangers, who do not learn that the workspace is there', async () => {
    const query = '{ workspaceBySlug(slug: "demo") { id } }';
    const id = Reflect.get(
      Object((await supergraph.ask('viewer@demo.example', query)).data?.workspaceBySlug),
      'id',
    );
    const page = 'export(entityType: CONTACT, format: CSV, first: 2) { rowCount hasNextPage }';
    const ask = (email: string) =>
      supergraph.ask(email, `query ($id: ID!) { workspace(id: $id) { ${page} } }`, { id });

    expect(await ask('viewer@demo.example')).toEqual({
      data: { workspace: { export: { rowCount: 2, hasNextPage: true } } },
    });
    expect((await ask('stranger@demo.example')).errors).toMatchObject([
      { extensions: { code: 'NOT_FOUND' } },
    ]);
    const { stderr } = await supergraph.cli(
      ...['export', '--workspace', 'demo', '--type', 'site', '--as', 'stranger@demo.example'],
    );
    expect(stderr).toContain('You have no workspace "demo"');
  });

  it('says where it can not be written', async () => {
    const { exitCode, stderr } = await supergraph.cli(
      ...['export', '--workspace', 'demo', '--type', 'site', '--output', join(folder, 'no/a.csv')],
    );
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: expect.stringMatching(/^error: The file .*a\.csv can't be written: .*\n$/),
    });
  });
});

it('lists the batches of a workspace, newest first', async () => {
  const batches = await json('batches', '--workspace', 'demo');
  expect(batches.at(-1)).toMatchObject({ title: 'Demo data: contacts', status: 'COMPLETED' });
});

it('schedules audits, until the workspace is archived', async () => {
  await json('workspace', 'create', 'scheduled');
  const times = ['--cron', '30 2 * * 1-5', '--zone', 'Europe/Berlin', '--mode', 'incremental'];
  const added = await json('schedule', 'add', '--workspace', 'scheduled', ...times);
  expect(added).toMatchObject({
    ...{ cron: '30 2 * * 1-5', timeZone: 'Europe/Berlin', mode: 'INCREMENTAL' },
    owner: { email: 'admin@demo.example' },
  });

  await json('workspace', 'archive', 'scheduled');

  expect(await json('schedule', 'list', '--workspace', 'scheduled')).toEqual([]);
});

it('says how to start the gateway where none answers', async () => {
  const { exitCode, stderr } = await supergraph.cli(
    ...['batches', '--workspace', 'demo', '--gateway', 'http://127.0.0.1:9'],
  );
  expect(exitCode).toBe(1);
  expect(stderr).toContain('does not answer. Start it with "npm start"');
});

it('prints a token that the gateway takes', async () => {
  const { stdout } = await supergraph.cli('token', 'viewer@demo.example');
  const response = await fetch(`${supergraph.gatewayUrl}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${stdout.trim()}` },
    body: JSON.stringify({ query: '{ me { email } }' }),
  });
  expect(await response.json()).toEqual({ data: { me: { email: 'viewer@demo.example' } } });
});
