import { afterAll, beforeAll, it } from 'vitest';
import { createIdentityTestbed, type IdentityTestbed } from '../../support/identityTestbed.ts';
import { expectIncrementalToEqualFull } from './incrementalEqualsFull.ts';

let testbed: IdentityTestbed;

beforeAll(async () => {
  testbed = await createIdentityTestbed();
  await testbed.startWorker();
});
afterAll(() => testbed.close());

it('remembers after incremental audits what full ones would have found, over many steps', async () => {
  await expectIncrementalToEqualFull(testbed, { count: 60, maxLength: 8 });
}, 900_000);

it('remembers the same where it compares what has changed with the rest', async () => {
  await expectIncrementalToEqualFull(testbed, { count: 8, maxLength: 4, crowd: 1_100 });
}, 900_000);
