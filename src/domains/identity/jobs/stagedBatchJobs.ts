import { z } from 'zod';
import { StepKind } from '../generated/prisma/enums.ts';

/** The queue that all work on staged batches goes through. */
export const STAGED_BATCH_QUEUE = 'staged-batches';

const attempt = { batchId: z.uuid(), attempt: z.int().min(1) };

/** One step of a batch: see {@link StepKey}. */
export const runStepJob = {
  name: 'runStep',
  payload: z.object({
    ...attempt,
    kind: z.enum(StepKind),
    stepIndex: z.int().min(0),
  }),
} as const;

/** Runs when the steps scheduled with it have been done. */
export const advanceBatchJob = { name: 'advanceBatch', payload: z.object(attempt) } as const;
