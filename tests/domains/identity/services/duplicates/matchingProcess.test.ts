import pg from 'pg';
import { describe, expect, it, type TestContext, vi } from 'vitest';
import { runMatchingProcess } from '../../../../../src/domains/identity/services/duplicates/runMatchingProcess.ts';
import { useMatchingBed } from './matchingBed.ts';
import { ada, adaAgain } from './people.ts';

const bed = useMatchingBed(0);

/** Lets searches wait, so that something can happen meanwhile. */
async function holdSearches(
  onTestFinished: TestContext['onTestFinished'],
): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: bed.testbed.connectionString });
  await client.connect();
  onTestFinished(() => client.end());
  await client.query('BEGIN; LOCK TABLE not_duplicate IN ACCESS EXCLUSIVE MODE');
  return async () => {
    await client.query('ROLLBACK');
  };
}

/** Of findings that no step of an audit makes. */
const FREE_ORDINAL = 30_000;

async function createDuplicates(): Promise<readonly string[]> {
  return [
    await bed.testbed.createEntity(bed.workspaceId, 'contact', ada),
    await bed.testbed.createEntity(bed.workspaceId, 'contact', adaAgain),
  ];
}

describe('a search in a process of its own', () => {
  it('finds what one in the worker finds', async () => {
    const [one, other] = await createDuplicates();

    const batch = await bed.audit();

    expect(batch).toMatchObject({ status: 'READY_FOR_REVIEW' });
    expect(await bed.duplicates(batch.id)).toMatchObject([
      { entityId: one, related: [other], explanation: [{ entityId: other }] },
      { entityId: other, related: [one], explanation: [{ entityId: one }] },
    ]);
    const { rows } = await bed.testbed.runtime.pool.query(
      `SELECT details->>'peakRssMb' AS "peakRssMb" FROM staged_batch_step
       WHERE batch_id = $1 AND rule_id = 'contact.duplicate'`,
      [batch.id],
    );
    expect(Number(rows[0].peakRssMb)).toBeGreaterThan(10);
  });

  it('finds nothing where there is nothing', async () => {
    await bed.testbed.createEntity(bed.workspaceId, 'contact', ada);

    expect(await bed.audit()).toMatchObject({ status: 'COMPLETED' });
  });

  it('ends with its batch', async ({ onTestFinished }) => {
    await createDuplicates();
    const release = await holdSearches(onTestFinished);
    const batchId = await bed.trigger();
    await bed.untilMatching();

    await bed.testbed.runtime.lifecycle.cancelStagedBatch(batchId);

    await bed.untilNoneIsMatching();
    await release();
    expect(await bed.duplicates(batchId)).toEqual([]);
    expect(await bed.testbed.untilResting(batchId)).toMatchObject({ status: 'CANCELLED' });
  });

  it('is done anew when its process was killed', async ({ onTestFinished }) => {
    await createDuplicates();
    const release = await holdSearches(onTestFinished);
    const batchId = await bed.trigger();
    const pid = await bed.untilMatching();

    process.kill(pid, 'SIGKILL');
    await bed.untilNoneIsMatching();
    await release();

    expect(await bed.testbed.untilResting(batchId)).toMatchObject({ status: 'READY_FOR_REVIEW' });
    expect(await bed.duplicates(batchId)).toHaveLength(2);
  });

  it('loses no finding when it exits before the worker has read them', async ({
    onTestFinished,
  }) => {
    await createDuplicates();
    const batch = await bed.audit();
    const release = await holdSearches(onTestFinished);
    const client = await bed.testbed.runtime.pool.connect();
    onTestFinished(() => client.release(true));
    await client.query('BEGIN');
    const query = vi.spyOn(client, 'query').mockImplementationOnce(async () => {
      await release();
      await bed.untilNoneIsMatching();
      return { rows: [batch] };
    });

    await runMatchingProcess(
      client,
      batch,
      {
        ...{ batchId: batch.id, workspaceId: batch.workspaceId, ruleId: 'contact.duplicate' },
        ...{ ordinal: FREE_ORDINAL, endRow: batch.recordCount },
      },
      bed.environment,
    );

    expect(query).toHaveBeenCalled();
    const { rows } = await client.query(
      'SELECT count(*)::int AS copied FROM finding WHERE batch_id = $1 AND ordinal = $2',
      [batch.id, FREE_ORDINAL],
    );
    expect(rows).toEqual([{ copied: 2 }]);
  });

  it('ends when the worker is told to stop', async ({ onTestFinished }) => {
    await createDuplicates();
    const release = await holdSearches(onTestFinished);
    const batchId = await bed.trigger();
    await bed.untilMatching();

    bed.processing.stop();

    await bed.untilNoneIsMatching();
    await bed.testbed.runtime.lifecycle.cancelStagedBatch(batchId);
    await release();
  });
});
