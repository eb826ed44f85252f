import { afterEach, expect, it } from 'vitest';
import { type StandInGateway, startStandInGateway } from './standInGateway.ts';

let gateway: StandInGateway | undefined;
afterEach(() => gateway?.stop());

/** A gateway where a batch that is tried again comes to rest in a status at once. */
async function gatewayWith(status: string, failureReason: string | null): Promise<StandInGateway> {
  const stagedBatch = {
    ...{ id: 'batch-1', status, failureReason, progress: { done: 1, total: 1 } },
    ...{ recordCount: 2, processedCount: 2, findingCounts: [], recordCounts: [], matchCounts: [] },
  };
  gateway = await startStandInGateway({
    CancelStagedBatch: { cancelStagedBatch: { status, failureReason } },
    RetryStagedBatch: { retryStagedBatch: { status: 'PROCESSING' } },
    BatchProgress: { stagedBatch },
    BatchSummary: { stagedBatch },
  });
  return gateway;
}

it('cancel stops a batch, and says how far it had got', async () => {
  const { cli, asked } = await gatewayWith('CANCELLED', 'It had applied 3 records.');

  const { exitCode, stdout, stderr } = await cli('cancel', 'batch-1');

  expect({ exitCode, stdout, stderr }).toEqual({
    exitCode: 0,
    stdout: 'Batch batch-1: CANCELLED.\n',
    stderr: 'It had applied 3 records.\n',
  });
  expect(asked).toMatchObject([{ variables: { input: { batchId: 'batch-1' } } }]);
});

it('retry waits until the batch rests', async () => {
  const { cli, asked } = await gatewayWith('READY_FOR_REVIEW', null);

  const { exitCode, stdout } = await cli('retry', 'batch-1');

  expect({ exitCode, stdout }).toEqual({
    exitCode: 0,
    stdout: 'Batch batch-1: READY_FOR_REVIEW.\n',
  });
  expect(asked[0]).toMatchObject({ variables: { input: { batchId: 'batch-1' } } });
});

it('retry exits with 1 where the batch fails again, and says why', async () => {
  const { cli } = await gatewayWith('FAILED', 'The disk is full.');

  const { exitCode, stdout } = await cli('retry', 'batch-1', '--json');

  expect(exitCode).toBe(1);
  expect(JSON.parse(stdout)).toEqual({
    ...{ batchId: 'batch-1', status: 'FAILED', failureReason: 'The disk is full.' },
  });
});
