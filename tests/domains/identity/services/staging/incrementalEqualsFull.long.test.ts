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
