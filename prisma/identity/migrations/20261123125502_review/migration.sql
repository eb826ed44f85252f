-- CreateEnum
CREATE TYPE "reversal_outcome" AS ENUM ('REVERSED', 'KEPT', 'ERRORED');

-- CreateEnum
CREATE TYPE "run_kind" AS ENUM ('PROMOTION', 'REVERSAL');

-- AlterEnum
-- This migration adds more than one value to an enum.
-- With PostgreSQL versions 11 and earlier, this is not possible
-- in a single migration. This can be worked around by creating
-- multiple migrations, each migration adding only one value to
-- the enum.


ALTER TYPE "step_kind" ADD VALUE 'PROMOTE_MERGES';
ALTER TYPE "step_kind" ADD VALUE 'REVERT_BUCKET';

-- AlterTable
ALTER TABLE "workspace" ADD COLUMN     "four_eyes" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "third_party" ADD COLUMN     "merged_into_id" UUID;

-- AlterTable
ALTER TABLE "customer_site" ADD COLUMN     "merged_into_id" UUID;

-- AlterTable
ALTER TABLE "customer_device" ADD COLUMN     "merged_into_id" UUID;

-- AlterTable
ALTER TABLE "staged_batch" ADD COLUMN     "lost_count" INTEGER NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "staged_record_state" ADD COLUMN     "assignee_id" UUID,
ADD COLUMN     "base_version" INTEGER,
ADD COLUMN     "decided_by_id" UUID,
ADD COLUMN     "decision" "finding_decision",
ADD COLUMN     "decision_version" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "edited_values" JSONB,
ADD COLUMN     "matched_id" UUID,
ALTER COLUMN "status" DROP NOT NULL;

-- AlterTable
ALTER TABLE "finding" ADD COLUMN     "applied" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "decided_by_id" UUID,
ADD COLUMN     "edited_value" TEXT,
ADD COLUMN     "merge_id" UUID,
ADD COLUMN     "unchanged" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "version" INTEGER NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "entity_change" ADD COLUMN     "reverted" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "reverts_id" UUID;

-- CreateTable
CREATE TABLE "decision" (
    "id" UUID NOT NULL,
    "batch_id" UUID NOT NULL,
    "actor_id" UUID NOT NULL,
    "decision" "finding_decision" NOT NULL,
    "comment" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "decision_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "decision_entry" (
    "batch_id" UUID NOT NULL,
    "row_index" INTEGER NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    "decision_id" UUID NOT NULL,
    "edited_value" TEXT,

    CONSTRAINT "decision_entry_pkey" PRIMARY KEY ("batch_id","row_index","ordinal","version")
);

-- CreateTable
CREATE TABLE "waiver" (
    "id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "entity_type" "entity_type" NOT NULL,
    "entity_id" UUID NOT NULL,
    "rule_id" TEXT NOT NULL,
    "rule_version" INTEGER NOT NULL,
    "field" TEXT NOT NULL,
    "value" TEXT,
    "reason" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3),
    "created_by_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "waiver_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "not_duplicate" (
    "workspace_id" UUID NOT NULL,
    "entity_type" "entity_type" NOT NULL,
    "first_id" UUID NOT NULL,
    "second_id" UUID NOT NULL,
    "created_by_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "not_duplicate_pkey" PRIMARY KEY ("workspace_id","entity_type","first_id","second_id")
);

-- CreateTable
CREATE TABLE "merge" (
    "id" UUID NOT NULL,
    "batch_id" UUID NOT NULL,
    "entity_type" "entity_type" NOT NULL,
    "survivor_id" UUID NOT NULL,
    "loser_ids" UUID[],
    "row_index" INTEGER NOT NULL,
    "field_from" JSONB NOT NULL,
    "created_by_id" UUID NOT NULL,
    "applied" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "merge_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "batch_run" (
    "id" UUID NOT NULL,
    "batch_id" UUID NOT NULL,
    "kind" "run_kind" NOT NULL,
    "actor_id" UUID NOT NULL,
    "scope" JSONB NOT NULL DEFAULT '{}',
    "counts" JSONB NOT NULL DEFAULT '{}',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "batch_run_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "reversal_entry" (
    "run_id" UUID NOT NULL,
    "change_id" UUID NOT NULL,
    "outcome" "reversal_outcome" NOT NULL,
    "reason" TEXT,
    "blocked_by" UUID,

    CONSTRAINT "reversal_entry_pkey" PRIMARY KEY ("run_id","change_id")
);

-- CreateIndex
CREATE INDEX "decision_batch_id_id_idx" ON "decision"("batch_id", "id");

-- CreateIndex
CREATE INDEX "waiver_workspace_id_entity_id_idx" ON "waiver"("workspace_id", "entity_id");

-- CreateIndex
CREATE INDEX "merge_batch_id_row_index_idx" ON "merge"("batch_id", "row_index");

-- CreateIndex
CREATE INDEX "batch_run_batch_id_id_idx" ON "batch_run"("batch_id", "id");

-- CreateIndex
CREATE INDEX "reversal_entry_run_id_outcome_change_id_idx" ON "reversal_entry"("run_id", "outcome", "change_id");

-- By hand from here: what schema.prisma cannot say.

-- Few records are assigned and few entities merged; the others need not be in an index.
CREATE INDEX "staged_record_state_assignee" ON "staged_record_state"("assignee_id", "batch_id", "row_index")
  WHERE "assignee_id" IS NOT NULL;
CREATE INDEX "third_party_merged_into" ON "third_party"("merged_into_id") WHERE "merged_into_id" IS NOT NULL;
CREATE INDEX "customer_site_merged_into" ON "customer_site"("merged_into_id") WHERE "merged_into_id" IS NOT NULL;
CREATE INDEX "customer_device_merged_into" ON "customer_device"("merged_into_id") WHERE "merged_into_id" IS NOT NULL;

-- A pair is kept once, whichever of the two it is seen from.
ALTER TABLE "not_duplicate" ADD CONSTRAINT "not_duplicate_order_check" CHECK ("first_id" < "second_id");
