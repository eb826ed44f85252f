import { once } from 'node:events';
import { truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sendFile } from '../../src/cli/sendFile.ts';
import { createTemporaryFolder } from '../support/temporaryFolder.ts';
import { plan } from './importPlan.ts';
import { type StandInGateway, startStandInGateway } from './standInGateway.ts';

let gateway: StandInGateway;
let importArgs: string[];
let folder: string;
beforeAll(async () => {
  gateway = await startStandInGateway({
    WorkspaceBySlug: { workspaceBySlug: { id: 'workspace-1' } },
    'POST /imports': {
      ...plan,
      format: { kind: 'CSV', compression: 'GZIP', encoding: 'WINDOWS-1252', delimiter: '\t' },
      columns: [
        { column: 'Telefon', field: 'phone', reason: 'SYNONYM', takenBy: null },
        { column: 'Mobil', field: null, reason: null, takenBy: 'Telefon' },
        { column: 'Geburtsdatum', field: 'birthDate', reason: 'SAVED', takenBy: null },
      ],
      missingColumns: ['Fax'],
      dateOrder: { value: 'DMY', reason: 'VALUES', example: '31.12.1980' },
      ...{ dryRun: true, sampledRows: 2 },
      rows: [
        {
          ...{ entityType: 'contact', rawData: { line: 2 }, values: { phone: '044' } },
          ...{ problem: null, match: 'NEW', entityId: null },
          findings: [{ ruleId: 'contact.phone.format', field: 'phone', suggestedValue: '+4144' }],
        },
        {
          ...{ entityType: 'contact', rawData: { line: 3 }, values: null, match: null },
          ...{ problem: 'birthDate: expected a date.', entityId: null, findings: [] },
        },
      ],
      records: [{ status: 'INVALID', count: 1 }],
      matches: [{ match: 'NEW', count: 1 }],
      findings: [{ ruleId: 'contact.phone.format', severity: 'WARNING', count: 1 }],
    },
  });
  folder = await createTemporaryFolder('cli');
  const file = join(folder, 'people.csv');
  await writeFile(file, 'Telefon\n044\n');
  importArgs = ['import', file, '--workspace', 'demo', '--profile', 'contactImport', '--dry-run'];
});
afterAll(() => gateway.stop());

describe('import --dry-run', () => {
  it('says what was detected, how columns were mapped, and what would become of the rows', async () => {
    const { exitCode, stdout, stderr } = await gateway.cli(...importArgs);

    expect(exitCode).toBe(0);
    expect(stderr).toContain('Read as CSV in WINDOWS-1252, parted by tabs, from GZIP.');
    expect(stderr).toContain(
      'Columns: "Telefon" fills phone (a synonym), "Geburtsdatum" fills birthDate (as saved).',
    );
    expect(stderr).toContain('"Mobil" (its field is filled by "Telefon")');
    expect(stderr).toContain('In the mapping, but not in the file: Fax.');
    expect(stderr).toContain('Dates of three numbers are read as DMY, as "31.12.1980" tells.');
    expect(stderr).not.toContain('Decimal');
    expect(stderr).toContain('nothing was imported');
    expect(stdout).toMatch(/2 +\S* *NEW.*phone: 044.*contact\.phone\.format → \+4144/);
    expect(stdout).toContain('birthDate: expected a date.');
  });

  it('asks for what the options say', async () => {
    await gateway.cli(
      ...importArgs,
      ...['--map', 'B=phone', '--map', 'A=phone', '--set', 'country=CH', '--mapping', 'CRM'],
      ...['--date-order', 'mdy', '--decimal', 'comma', '--delimiter', 'tab'],
      ...['--encoding', 'UTF-16LE', '--blank-erases'],
    );

    const query = new URLSearchParams(gateway.asked.at(-1)?.query);
    expect(query.getAll('map')).toEqual(['B=phone', 'A=phone']);
    expect(Object.fromEntries(query)).toMatchObject({
      ...{ dryRun: 'true', set: 'country=CH', mapping: 'CRM', fileName: 'people.csv' },
      ...{ dateOrder: 'MDY', decimalSeparator: ',', delimiter: '\t', encoding: 'UTF-16LE' },
      ...{ blankErases: 'true' },
    });
    expect(query.has('saveMapping')).toBe(false);
  });
});

it('an upload that is answered early is not sent to its end', async () => {
  const path = join(folder, 'large.csv');
  await writeFile(path, '');
  await truncate(path, 1_000_000_000);
  let received = 0;
  const server = createServer((request, response) => {
    request.on('data', (chunk: Buffer) => {
      received += chunk.length;
      if (!response.writableEnded) response.end('enough');
    });
    request.on('error', () => {});
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;

  const answer = await sendFile(path, new URL(`http://127.0.0.1:${port}/imports`), '', () => {});
  server.closeAllConnections();
  server.close();

  expect(answer).toBe('enough');
  expect(received).toBeLessThan(100_000_000);
});
