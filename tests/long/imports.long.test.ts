import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createServiceBed } from '../domains/identity/jobs/support/serviceBed.ts';
import { putGate } from './support/gate.ts';

async function openScene() {
  const bed = await createServiceBed();
  onTestFinished(() => bed.close());
  const subgraph = await bed.startSubgraph();
  const workspaceId = await subgraph.createWorkspace('imported');
  const stagedRows = async (): Promise<number> => {
    const { rows } = await bed.pool.query('SELECT count(*)::int AS count FROM staged_record');
    return rows[0].count;
  };
  return { bed, subgraph, workspaceId, stagedRows };
}

function* repeat(text: string | Uint8Array, times: number): Generator<Buffer> {
  const chunk = Buffer.from(text);
  for (let time = 0; time < times; time += 1) yield chunk;
}

function* headed(rest: Iterable<Buffer>): Generator<Buffer> {
  yield Buffer.from('givenName,familyName\n');
  yield* rest;
}

it('an import whose subgraph is killed in the middle leaves no rows, and fails', async () => {
  const { bed, subgraph, workspaceId, stagedRows } = await openScene();
  const gate = await putGate(bed.databaseUrl, 'staged_record', 'NEW.row_index = 25000');
  await bed.startWorker();
  const contacts = headed(repeat('Ada,Meier\n'.repeat(1_000), 50));
  const answer = expect(subgraph.uploadContacts(workspaceId, contacts)).rejects.toThrow();
  await gate.untilReached();

  await subgraph.kill();
  await gate.open();
  await answer;

  const batch = await bed.untilBatch(workspaceId, ['FAILED'], 90_000);
  expect(batch.failureReason).toContain('has ended');
  expect(await stagedRows()).toBe(0);
});

const MEGABYTE = 1024 ** 2;

/** The most memory that a process has had, in MB. */
async function peakMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
}

/** What an import may add to it, of files that are much larger. */
const ROOM_MB = 300;

describe.skipIf(process.platform !== 'linux')(
  'the memory of the subgraph stays bounded with',
  () => {
    it.each([
      ['a line of a gigabyte', repeat('a'.repeat(MEGABYTE), 1024), 'IMPORT_MAX_ROW_CHARACTERS'],
      ['half a million columns', repeat('a,'.repeat(450_000), 1), 'IMPORT_MAX_COLUMNS'],
      [
        'a gigabyte of blank lines in a gzip file of a megabyte',
        [
          gzipSync('givenName,familyName\nAda,Meier\n'),
          ...repeat(gzipSync('\n'.repeat(100 * MEGABYTE)), 10),
        ],
        'IMPORT_MAX_INFLATION',
      ],
      [
        'rows of half a million cells',
        headed(repeat(`${'a,'.repeat(450_000)}\n`, 200)),
        '"recordCount":200',
      ],
      [
        'rows that each open a quote',
        headed(repeat(`"${'a'.repeat(900_000)}\n`, 200)),
        '"recordCount":200',
      ],
    ])('%s', async (_what, file, answer) => {
      const { subgraph, workspaceId } = await openScene();
      const before = await peakMb(subgraph.pid);

      expect(await subgraph.uploadContacts(workspaceId, file)).toContain(answer);

      expect(await peakMb(subgraph.pid)).toBeLessThan(before + ROOM_MB);
      expect(await subgraph.missingParts()).toEqual([]);
    });
  },
);
