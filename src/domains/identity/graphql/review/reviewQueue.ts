import { validate as isUuid } from 'uuid';
import { resolveKeysetConnection } from '../../../../platform/graphql/keysetConnection.ts';
import { listReviewQueue, type QueuePosition } from '../../services/review/reviewQueue.ts';
import type { StagedRecord } from '../../services/staging/stagedRecords.ts';
import { builder } from '../builder.ts';
import { signedIn } from '../context.ts';
import { StagedRecordConnection, StagedRecordType } from '../staging/stagedRecord.ts';
import { Workspace } from '../workspace.ts';

builder.objectField(Workspace, 'myReviewQueue', (t) =>
  t.connection(
    {
      type: StagedRecordType,
      description:
        'The records that are assigned to you and wait: they need review, are in conflict, or have failed. Those of the oldest batch first.',
      resolve: ({ id }, args, context) =>
        resolveKeysetConnection<StagedRecord, QueuePosition>({
          args,
          toCursor: ({ batchId, rowIndex }) => `${batchId}:${rowIndex}`,
          fromCursor: parsePosition,
          list: (page) =>
            listReviewQueue(
              context.runtime.pool,
              { workspaceId: id, assigneeId: signedIn(context) },
              page,
            ),
        }),
    },
    StagedRecordConnection,
  ),
);

function parsePosition(cursor: string): QueuePosition | null {
  const [, batchId, rowIndex] = /^([^:]+):(\d{1,9})$/.exec(cursor) ?? [];
  if (batchId === undefined || !isUuid(batchId)) return null;
  return { batchId, rowIndex: Number(rowIndex) };
}
