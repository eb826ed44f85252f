-- Under which key rows came in over the API, and what they were: see ingestRows.ts.
ALTER TABLE "staged_batch" ADD COLUMN     "idempotency_key" TEXT,
ADD COLUMN     "rows_hash" TEXT;

-- A batch that ended before its rows were there has given its key up.
CREATE UNIQUE INDEX "staged_batch_idempotency_key" ON "staged_batch"("workspace_id", "idempotency_key")
    WHERE "idempotency_key" IS NOT NULL
      AND NOT ("record_count" = 0 AND "status" IN ('FAILED', 'CANCELLED'));
