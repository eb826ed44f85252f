import type { ClientBase } from 'pg';
import { copyInto, encodeCopyRow } from '../../../../platform/postgres/copy.ts';
import type { RecordStatus } from '../../generated/prisma/enums.ts';

/**
 * What happened to a record, where its findings don't tell: see {@link RecordStatus} in
 * `stagedRecords.ts` for the states that are derived.
 */
export interface RecordState {
  readonly rowIndex: number;
  readonly status: RecordStatus;
  readonly reason: string | null;
  /** The production entity that promotion made of the record. */
  readonly entityId: string | null;
}

/** Adds the states of records that have none yet. */
export async function copyRecordStates(
  client: ClientBase,
  batchId: string,
  states: readonly RecordState[],
): Promise<void> {
  if (states.length === 0) return;
  await copyInto(
    client,
    'staged_record_state (batch_id, row_index, status, reason, entity_id)',
    states,
    ({ rowIndex, status, reason, entityId }) =>
      encodeCopyRow([batchId, rowIndex, status, reason, entityId]),
  );
}
