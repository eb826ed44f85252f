-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "role" AS ENUM ('VIEWER', 'EDITOR', 'REVIEWER', 'ADMIN');

-- CreateEnum
CREATE TYPE "entity_type" AS ENUM ('contact', 'site', 'device');

-- CreateEnum
CREATE TYPE "entity_state" AS ENUM ('ACTIVE', 'ARCHIVED', 'MERGED');

-- CreateEnum
CREATE TYPE "contact_kind" AS ENUM ('PERSON', 'ORGANISATION');

-- CreateEnum
CREATE TYPE "device_status" AS ENUM ('PLANNED', 'ACTIVE', 'INACTIVE', 'RETIRED');

-- CreateEnum
CREATE TYPE "batch_status" AS ENUM ('STAGING', 'QUEUED', 'PROCESSING', 'READY_FOR_REVIEW', 'PROMOTING', 'REVERTING', 'COMPLETED', 'FAILED', 'CANCELLED');

-- CreateEnum
CREATE TYPE "record_status" AS ENUM ('PENDING', 'PASSED', 'NEEDS_REVIEW', 'INVALID', 'DECIDED', 'PROMOTED', 'CONFLICT', 'FAILED', 'REVERTED');

-- CreateEnum
CREATE TYPE "severity" AS ENUM ('ERROR', 'WARNING', 'INFO');

-- CreateEnum
CREATE TYPE "finding_decision" AS ENUM ('OPEN', 'ACCEPTED', 'REJECTED', 'WAIVED');

-- CreateEnum
CREATE TYPE "change_kind" AS ENUM ('CREATED', 'UPDATED', 'ARCHIVED', 'MERGED', 'REVERTED');

-- CreateEnum
CREATE TYPE "step_kind" AS ENUM ('PROCESS_RANGE', 'WORKSPACE_RULE', 'PROMOTE_RANGE');

-- CreateTable
CREATE TABLE "workspace" (
    "id" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "default_country" CHAR(2),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "workspace_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "app_user" (
    "id" UUID NOT NULL,
    "issuer" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "email" TEXT,
    "email_verified" BOOLEAN NOT NULL DEFAULT false,
    "name" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "app_user_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "membership" (
    "workspace_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "role" "role" NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "membership_pkey" PRIMARY KEY ("workspace_id","user_id")
);

-- CreateTable
CREATE TABLE "third_party" (
    "id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "kind" "contact_kind" NOT NULL DEFAULT 'PERSON',
    "given_name" TEXT,
    "family_name" TEXT,
    "organisation_name" TEXT,
    "email" TEXT,
    "phone" TEXT,
    "street_number" TEXT,
    "address_line1" TEXT,
    "address_line2" TEXT,
    "locality" TEXT,
    "region" TEXT,
    "postal_code" TEXT,
    "country" TEXT,
    "birth_date" DATE,
    "external_id" TEXT,
    "state" "entity_state" NOT NULL DEFAULT 'ACTIVE',
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "changed_xid" xid8 NOT NULL DEFAULT pg_current_xact_id(),

    CONSTRAINT "third_party_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "customer_site" (
    "id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "name" TEXT,
    "phone" TEXT,
    "email" TEXT,
    "street_number" TEXT,
    "address_line1" TEXT,
    "address_line2" TEXT,
    "locality" TEXT,
    "region" TEXT,
    "postal_code" TEXT,
    "country" TEXT,
    "latitude" DOUBLE PRECISION,
    "longitude" DOUBLE PRECISION,
    "time_zone" TEXT,
    "owner_id" UUID,
    "external_id" TEXT,
    "state" "entity_state" NOT NULL DEFAULT 'ACTIVE',
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "changed_xid" xid8 NOT NULL DEFAULT pg_current_xact_id(),

    CONSTRAINT "customer_site_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "customer_device" (
    "id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "site_id" UUID,
    "serial_number" TEXT,
    "manufacturer" TEXT,
    "model" TEXT,
    "category" TEXT,
    "mac_address" TEXT,
    "firmware" TEXT,
    "installed_on" DATE,
    "warranty_ends_on" DATE,
    "status" "device_status" NOT NULL DEFAULT 'ACTIVE',
    "external_id" TEXT,
    "state" "entity_state" NOT NULL DEFAULT 'ACTIVE',
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "changed_xid" xid8 NOT NULL DEFAULT pg_current_xact_id(),

    CONSTRAINT "customer_device_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "staged_batch" (
    "id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "created_by_id" UUID NOT NULL,
    "title" TEXT NOT NULL,
    "source_type" TEXT NOT NULL,
    "profile" TEXT NOT NULL,
    "auto_promote" BOOLEAN NOT NULL DEFAULT false,
    "status" "batch_status" NOT NULL DEFAULT 'STAGING',
    "failure_reason" TEXT,
    "record_count" INTEGER NOT NULL DEFAULT 0,
    "processed_count" INTEGER NOT NULL DEFAULT 0,
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "snapshot" TEXT,
    "heartbeat_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "staged_batch_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "staged_record" (
    "batch_id" UUID NOT NULL,
    "row_index" INTEGER NOT NULL,
    "entity_type" "entity_type" NOT NULL,
    "entity_id" UUID,
    "raw_data" JSONB NOT NULL,

    CONSTRAINT "staged_record_pkey" PRIMARY KEY ("batch_id","row_index")
);

-- CreateTable
CREATE TABLE "staged_record_state" (
    "batch_id" UUID NOT NULL,
    "row_index" INTEGER NOT NULL,
    "status" "record_status" NOT NULL,
    "reason" TEXT,
    "entity_id" UUID,

    CONSTRAINT "staged_record_state_pkey" PRIMARY KEY ("batch_id","row_index")
);

-- CreateTable
CREATE TABLE "staged_batch_step" (
    "batch_id" UUID NOT NULL,
    "kind" "step_kind" NOT NULL,
    "step_index" INTEGER NOT NULL,
    "rule_id" TEXT NOT NULL DEFAULT '',
    "first_row" INTEGER NOT NULL,
    "end_row" INTEGER NOT NULL,
    "checked_count" INTEGER NOT NULL DEFAULT 0,
    "skipped_count" INTEGER NOT NULL DEFAULT 0,
    "finding_count" INTEGER NOT NULL DEFAULT 0,
    "done_at" TIMESTAMPTZ(3),

    CONSTRAINT "staged_batch_step_pkey" PRIMARY KEY ("batch_id","kind","step_index")
);

-- CreateTable
CREATE TABLE "finding" (
    "batch_id" UUID NOT NULL,
    "row_index" INTEGER NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "rule_id" TEXT NOT NULL,
    "rule_version" INTEGER NOT NULL,
    "entity_type" "entity_type" NOT NULL,
    "entity_id" UUID,
    "entity_version" INTEGER,
    "severity" "severity" NOT NULL,
    "field" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "current_value" TEXT,
    "suggested_value" TEXT,
    "related_entity_ids" UUID[] DEFAULT ARRAY[]::UUID[],
    "related_count" INTEGER NOT NULL DEFAULT 0,
    "decision" "finding_decision" NOT NULL DEFAULT 'OPEN',

    CONSTRAINT "finding_pkey" PRIMARY KEY ("batch_id","row_index","ordinal")
);

-- CreateTable
CREATE TABLE "entity_change" (
    "id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "entity_type" "entity_type" NOT NULL,
    "entity_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "kind" "change_kind" NOT NULL,
    "batch_id" UUID NOT NULL,
    "row_index" INTEGER NOT NULL,
    "actor_id" UUID NOT NULL,
    "before" JSONB,
    "after" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "entity_change_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "workspace_slug_key" ON "workspace"("slug");

-- CreateIndex
CREATE INDEX "app_user_issuer_email_idx" ON "app_user"("issuer", "email");

-- CreateIndex
CREATE UNIQUE INDEX "app_user_issuer_subject_key" ON "app_user"("issuer", "subject");

-- CreateIndex
CREATE INDEX "membership_user_id_idx" ON "membership"("user_id");

-- CreateIndex
CREATE INDEX "third_party_workspace_id_external_id_idx" ON "third_party"("workspace_id", "external_id");

-- CreateIndex
CREATE INDEX "third_party_workspace_id_email_idx" ON "third_party"("workspace_id", "email");

-- CreateIndex
CREATE UNIQUE INDEX "third_party_workspace_id_id_key" ON "third_party"("workspace_id", "id");

-- CreateIndex
CREATE INDEX "customer_site_workspace_id_owner_id_idx" ON "customer_site"("workspace_id", "owner_id");

-- CreateIndex
CREATE INDEX "customer_site_workspace_id_external_id_idx" ON "customer_site"("workspace_id", "external_id");

-- CreateIndex
CREATE UNIQUE INDEX "customer_site_workspace_id_id_key" ON "customer_site"("workspace_id", "id");

-- CreateIndex
CREATE INDEX "customer_device_workspace_id_site_id_idx" ON "customer_device"("workspace_id", "site_id");

-- CreateIndex
CREATE INDEX "customer_device_workspace_id_external_id_idx" ON "customer_device"("workspace_id", "external_id");

-- CreateIndex
CREATE INDEX "customer_device_workspace_id_serial_number_idx" ON "customer_device"("workspace_id", "serial_number");

-- CreateIndex
CREATE UNIQUE INDEX "customer_device_workspace_id_id_key" ON "customer_device"("workspace_id", "id");

-- CreateIndex
CREATE INDEX "staged_batch_workspace_id_id_idx" ON "staged_batch"("workspace_id", "id");

-- CreateIndex
CREATE INDEX "staged_record_state_batch_id_status_row_index_idx" ON "staged_record_state"("batch_id", "status", "row_index");

-- CreateIndex
CREATE INDEX "finding_batch_id_rule_id_row_index_ordinal_idx" ON "finding"("batch_id", "rule_id", "row_index", "ordinal");

-- CreateIndex
CREATE INDEX "entity_change_workspace_id_entity_type_entity_id_version_idx" ON "entity_change"("workspace_id", "entity_type", "entity_id", "version");

-- CreateIndex
CREATE INDEX "entity_change_batch_id_row_index_idx" ON "entity_change"("batch_id", "row_index");

-- AddForeignKey
ALTER TABLE "membership" ADD CONSTRAINT "membership_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "membership" ADD CONSTRAINT "membership_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "app_user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "third_party" ADD CONSTRAINT "third_party_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "customer_site" ADD CONSTRAINT "customer_site_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "customer_site" ADD CONSTRAINT "customer_site_workspace_id_owner_id_fkey" FOREIGN KEY ("workspace_id", "owner_id") REFERENCES "third_party"("workspace_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "customer_device" ADD CONSTRAINT "customer_device_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "customer_device" ADD CONSTRAINT "customer_device_workspace_id_site_id_fkey" FOREIGN KEY ("workspace_id", "site_id") REFERENCES "customer_site"("workspace_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "staged_batch" ADD CONSTRAINT "staged_batch_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "staged_batch" ADD CONSTRAINT "staged_batch_created_by_id_fkey" FOREIGN KEY ("created_by_id") REFERENCES "app_user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- By hand from here: what schema.prisma cannot say.

ALTER TABLE "workspace" ADD CONSTRAINT "workspace_slug_check"
  CHECK ("slug" ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$');

-- Holds the same list as STAGED_BATCH_SOURCE_TYPES; a test compares the two.
ALTER TABLE "staged_batch" ADD CONSTRAINT "staged_batch_source_type_check"
  CHECK ("source_type" IN ('CSV_IMPORT', 'API_IMPORT', 'DATA_AUDIT'));

-- One audit at a time: a second trigger fails at once, whichever replica it reaches.
CREATE UNIQUE INDEX "staged_batch_one_live_audit" ON "staged_batch"("workspace_id")
  WHERE "source_type" = 'DATA_AUDIT' AND "status" IN ('STAGING', 'QUEUED', 'PROCESSING');

-- Transaction ids, not time stamps, tell an incremental audit what changed: a transaction that
-- commits late has an early time stamp, but is missing from the snapshots taken before it.
CREATE FUNCTION "stamp_entity_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.changed_xid := pg_current_xact_id();
  IF TG_OP = 'UPDATE' THEN
    NEW.version := OLD.version + 1;
    NEW.updated_at := now();
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER "stamp_entity_change" BEFORE INSERT OR UPDATE ON "third_party"
  FOR EACH ROW EXECUTE FUNCTION "stamp_entity_change"();
CREATE TRIGGER "stamp_entity_change" BEFORE INSERT OR UPDATE ON "customer_site"
  FOR EACH ROW EXECUTE FUNCTION "stamp_entity_change"();
CREATE TRIGGER "stamp_entity_change" BEFORE INSERT OR UPDATE ON "customer_device"
  FOR EACH ROW EXECUTE FUNCTION "stamp_entity_change"();
