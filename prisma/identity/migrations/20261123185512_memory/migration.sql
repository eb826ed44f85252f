-- CreateEnum
CREATE TYPE "audit_mode" AS ENUM ('FULL', 'INCREMENTAL');

-- CreateEnum
CREATE TYPE "ledger_event_kind" AS ENUM ('RESOLVED', 'REGRESSED');

-- AlterEnum
ALTER TYPE "change_kind" ADD VALUE 'ERASED';

-- AlterTable
ALTER TABLE "workspace" ADD COLUMN     "archived_at" TIMESTAMPTZ(3),
ADD COLUMN     "retention_days" INTEGER;

-- AlterTable
ALTER TABLE "third_party" ADD COLUMN     "erased_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "staged_batch" ADD COLUMN     "base_batch_id" UUID,
ADD COLUMN     "certificate" JSONB,
ADD COLUMN     "full_reason" TEXT,
ADD COLUMN     "kept_counts" JSONB,
ADD COLUMN     "ledger_counts" JSONB,
ADD COLUMN     "mode" "audit_mode",
ADD COLUMN     "rule_set" JSONB,
ADD COLUMN     "schedule_id" UUID,
ADD COLUMN     "scheduled_for" TIMESTAMPTZ(3),
ADD COLUMN     "snapshot_at" TIMESTAMPTZ(3),
ADD COLUMN     "system_identifier" TEXT,
ADD COLUMN     "thinned_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "entity_change" ADD COLUMN     "reason" TEXT;

-- AlterTable
ALTER TABLE "staged_record" ADD COLUMN     "unchanged" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "staged_batch_step" ADD COLUMN     "unchanged_count" INTEGER NOT NULL DEFAULT 0;

-- CreateTable
CREATE TABLE "rule_setting" (
    "workspace_id" UUID NOT NULL,
    "rule_id" TEXT NOT NULL,
    "enabled" BOOLEAN,
    "severity" "severity",
    "parameters" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "rule_setting_pkey" PRIMARY KEY ("workspace_id","rule_id")
);

-- CreateTable
CREATE TABLE "configuration_change" (
    "id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "actor_id" UUID NOT NULL,
    "rule_id" TEXT NOT NULL DEFAULT '',
    "before" JSONB NOT NULL,
    "after" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "configuration_change_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ledger_entry" (
    "workspace_id" UUID NOT NULL,
    "entity_type" "entity_type" NOT NULL,
    "entity_id" UUID NOT NULL,
    "rule_id" TEXT NOT NULL,
    "field" TEXT NOT NULL,
    "discriminator" TEXT NOT NULL,
    "open" BOOLEAN NOT NULL,
    "first_seen_batch_id" UUID NOT NULL,
    "first_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "last_seen_batch_id" UUID NOT NULL,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "resolved_batch_id" UUID,
    "resolved_at" TIMESTAMPTZ(3),
    "rule_version" INTEGER NOT NULL,
    "severity" "severity" NOT NULL,
    "entity_version" INTEGER NOT NULL,
    "message" TEXT NOT NULL,
    "current_value" TEXT,
    "suggested_value" TEXT,
    "suggestion_certainty" "suggestion_certainty",
    "related_entity_ids" UUID[] DEFAULT ARRAY[]::UUID[],
    "related_count" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "ledger_entry_pkey" PRIMARY KEY ("workspace_id","entity_id","rule_id","field","discriminator")
);

-- CreateTable
CREATE TABLE "ledger_event" (
    "workspace_id" UUID NOT NULL,
    "entity_id" UUID NOT NULL,
    "rule_id" TEXT NOT NULL,
    "field" TEXT NOT NULL,
    "discriminator" TEXT NOT NULL,
    "batch_id" UUID NOT NULL,
    "kind" "ledger_event_kind" NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "ledger_event_pkey" PRIMARY KEY ("workspace_id","entity_id","rule_id","field","discriminator","batch_id")
);

-- CreateTable
CREATE TABLE "kept_confirmation" (
    "workspace_id" UUID NOT NULL,
    "rule_id" TEXT NOT NULL,
    "entity_id" UUID NOT NULL,
    "confirmed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "kept_confirmation_pkey" PRIMARY KEY ("workspace_id","rule_id","entity_id")
);

-- CreateTable
CREATE TABLE "quality_score" (
    "workspace_id" UUID NOT NULL,
    "batch_id" UUID NOT NULL,
    "entity_type" "entity_type" NOT NULL,
    "score" DOUBLE PRECISION NOT NULL,
    "entity_count" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "quality_score_pkey" PRIMARY KEY ("workspace_id","batch_id","entity_type")
);

-- CreateTable
CREATE TABLE "audit_schedule" (
    "id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "owner_id" UUID NOT NULL,
    "title" TEXT,
    "mode" "audit_mode" NOT NULL DEFAULT 'FULL',
    "cron" TEXT NOT NULL,
    "time_zone" TEXT NOT NULL,
    "paused_at" TIMESTAMPTZ(3),
    "pause_reason" TEXT,
    "next_run_at" TIMESTAMPTZ(3),
    "last_run_at" TIMESTAMPTZ(3),
    "last_problem" TEXT,
    "last_batch_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "audit_schedule_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "configuration_change_workspace_id_id_idx" ON "configuration_change"("workspace_id", "id");

-- CreateIndex
CREATE INDEX "ledger_event_batch_id_kind_rule_id_entity_id_field_discrimi_idx" ON "ledger_event"("batch_id", "kind", "rule_id", "entity_id", "field", "discriminator");

-- CreateIndex
CREATE INDEX "audit_schedule_workspace_id_id_idx" ON "audit_schedule"("workspace_id", "id");

-- What changed since an audit's snapshot is looked up by transaction id.
CREATE INDEX "third_party_changed_idx" ON "third_party"("workspace_id", "changed_xid");
CREATE INDEX "customer_site_changed_idx" ON "customer_site"("workspace_id", "changed_xid");
CREATE INDEX "customer_device_changed_idx" ON "customer_device"("workspace_id", "changed_xid");

-- What is open now is asked for by rule, and of one entity.
CREATE INDEX "ledger_entry_open_idx" ON "ledger_entry"("workspace_id", "rule_id") WHERE "open";

ALTER TABLE "workspace" ADD CONSTRAINT "workspace_retention_days_check"
  CHECK ("retention_days" BETWEEN 1 AND 3650);

-- Whatever a promotion or reversal may still want of a person who was erased: nothing writes to them.
CREATE FUNCTION "refuse_change_of_erased"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the person was erased' USING ERRCODE = 'check_violation';
END $$;

CREATE TRIGGER "refuse_change_of_erased" BEFORE UPDATE ON "third_party"
  FOR EACH ROW WHEN (OLD.erased_at IS NOT NULL) EXECUTE FUNCTION "refuse_change_of_erased"();
