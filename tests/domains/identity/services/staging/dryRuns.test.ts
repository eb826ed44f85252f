import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { rehearseParts } from '../../../../../src/domains/identity/services/staging/rehearseParts.ts';
import { inTransaction } from '../../../../../src/platform/postgres/pool.ts';
import { acceptFindings } from '../../support/acceptedFindings.ts';
import { type BatchBed, createBatchBed } from '../../support/batchBed.ts';
import { createIdentityTestbed, type IdentityTestbed } from '../../support/identityTestbed.ts';

let testbed: IdentityTestbed;
let bed: BatchBed;
let actorId: string;
let batchId: string;

beforeAll(async () => {
  testbed = await createIdentityTestbed();
  await testbed.startWorker();
  actorId = await testbed.createUser('reviewer');
  bed = createBatchBed(testbed, actorId);
});
beforeEach(async () => {
  const workspaceId = await testbed.createWorkspace({ defaultCountry: 'US' });
  await testbed.createEntity(workspaceId, 'contact', {
    familyName: 'Okafor',
    phone: '(312) 555-0142',
  });
  batchId = await bed.audit(workspaceId);
  await acceptFindings(testbed, { batchId, decidedBy: actorId });
});
afterAll(() => testbed.close());

it('takes each part back before the next, and stops when nobody waits any more', async () => {
  const caller = new AbortController();
  const seen: unknown[] = [];

  const rehearsal = rehearseParts(
    testbed.runtime.pool,
    ['first', 'second', 'third'],
    caller.signal,
    async (client, title) => {
      const { rows } = await client.query(
        `UPDATE staged_batch b SET title = $2 FROM staged_batch before
         WHERE b.id = $1 AND before.id = b.id RETURNING before.title`,
        [batchId, title],
      );
      seen.push(rows[0].title);
      if (title === 'second') caller.abort();
    },
  );

  await expect(rehearsal).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  expect(seen).toEqual([
    expect.stringMatching(/^Data audit/),
    expect.stringMatching(/^Data audit/),
  ]);
});

it('neither begins for a caller who has gone away', async () => {
  const gone = AbortSignal.abort();
  const { promotion, reversal } = testbed.runtime;

  await expect(promotion.previewPromotion({ batchId, actorId }, gone)).rejects.toMatchObject({
    code: 'SERVICE_UNAVAILABLE',
  });
  await bed.promote(batchId);
  await expect(reversal.previewReversal({ batchId, actorId }, gone)).rejects.toMatchObject({
    code: 'SERVICE_UNAVAILABLE',
  });
});

it('needs no lock on the batch, and so waits for nobody who decides on it', async () => {
  const { promotion, reversal, pool } = testbed.runtime;

  await inTransaction(pool, async (reviewer) => {
    await reviewer.query('SELECT FROM staged_batch WHERE id = $1 FOR UPDATE', [batchId]);
    expect(await promotion.previewPromotion({ batchId, actorId })).toMatchObject({ applied: 1 });
    expect(await reversal.previewReversal({ batchId, actorId })).toMatchObject({
      counts: { reversed: 0 },
    });
  });
});
