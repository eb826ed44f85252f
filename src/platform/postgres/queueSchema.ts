/** The schema of BullMQ's tables, where the job queue is in the identity database. */
export const QUEUE_SCHEMA = 'bullmq';
