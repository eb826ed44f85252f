import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createIdentityTestbed, type IdentityTestbed } from '../../support/identityTestbed.ts';
import { useMatchingBed } from '../duplicates/matchingBed.ts';
import { expectIncrementalToEqualFull } from './incrementalEqualsFull.ts';

describe('with few records', () => {
  let testbed: IdentityTestbed;

  beforeAll(async () => {
    testbed = await createIdentityTestbed();
    await testbed.startWorker();
  });
  afterAll(() => testbed.close());

  it('remembers after incremental audits what full ones would have found, over many steps', async () => {
    await expectIncrementalToEqualFull(testbed, { count: 24, maxLength: 8 });
  }, 900_000);
});

describe('with so many that what has changed is compared with the rest', () => {
  const bed = useMatchingBed(5_000);

  it('remembers after incremental audits what full ones would have found', async () => {
    await expectIncrementalToEqualFull(bed.testbed, { count: 3, maxLength: 4, crowd: 1_100 });

    const { rows } = await bed.testbed.runtime.pool.query(
      `SELECT FROM staged_batch_step WHERE details->>'comparedRecords' IS NOT NULL`,
    );
    expect(rows).not.toHaveLength(0);
  }, 900_000);
});
