import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { BatchStatus } from '../../../../../src/domains/identity/generated/prisma/enums.ts';
import {
  assertRunMayBegin,
  assertTransition,
  BATCH_TRANSITIONS,
  RESTING,
} from '../../../../../src/domains/identity/services/staging/batchLifecycle.ts';

const STATUSES = Object.values(BatchStatus);
const pairs = STATUSES.flatMap((from) => STATUSES.map((to) => [from, to] as const));

it('the docs show the transitions that the code allows, no more and no fewer', async () => {
  const docs = await readFile('docs/architecture.md', 'utf8');
  const [, diagram = ''] = /```mermaid\nstateDiagram-v2\n(.+?)```/s.exec(docs) ?? [];
  const shown = [...diagram.matchAll(/^ *([A-Z_]+) --> ([A-Z_]+)/gm)];

  expect(shown.map(([, from, to]) => `${from} --> ${to}`).sort()).toEqual(
    STATUSES.flatMap((from) => BATCH_TRANSITIONS[from].map((to) => `${from} --> ${to}`)).sort(),
  );
});

it.each(pairs.filter(([from, to]) => BATCH_TRANSITIONS[from].includes(to)))(
  'lets a batch go from %s to %s',
  (status, to) => {
    expect(() => assertTransition({ status }, to)).not.toThrow();
  },
);

it.each(pairs.filter(([from, to]) => !BATCH_TRANSITIONS[from].includes(to)))(
  'refuses to let a batch go from %s to %s, and says so',
  (status, to) => {
    const why = status === to ? `is ${to} already.` : `is ${status} and can't become ${to}.`;
    expect(() => assertTransition({ status }, to)).toThrow(
      expect.objectContaining({
        code: 'CONFLICT',
        message: expect.stringContaining(`The batch ${why}`),
        details: { status },
      }),
    );
  },
);

describe('a promotion or reversal', () => {
  it.each(['PROMOTING', 'REVERTING'] as const)(
    'does not begin anew where one has failed: %s',
    (to) => {
      expect(() => assertRunMayBegin({ status: 'FAILED' }, to)).toThrow('Retry it first.');
    },
  );

  it('of a cancelled batch can be undone, and not begun', () => {
    expect(() => assertRunMayBegin({ status: 'CANCELLED' }, 'REVERTING')).not.toThrow();
    expect(() => assertRunMayBegin({ status: 'CANCELLED' }, 'PROMOTING')).toThrow('CANCELLED');
  });
});

it('lets every batch that does not rest fail or be cancelled', () => {
  const moving = STATUSES.filter((status) => !RESTING.includes(status));

  expect(moving.filter((from) => !BATCH_TRANSITIONS[from].includes('FAILED'))).toEqual([]);
  expect(moving.filter((from) => !BATCH_TRANSITIONS[from].includes('CANCELLED'))).toEqual([]);
});
