-- What an imported row is to production, and how that was found out.
CREATE TYPE "match_kind" AS ENUM ('NEW', 'UPDATE', 'UNCHANGED', 'AMBIGUOUS');
CREATE TYPE "match_by" AS ENUM ('ID', 'EXTERNAL_ID', 'STRONG_KEY', 'PROBABILITY', 'CHOICE');

ALTER TABLE "staged_record_state"
  ADD COLUMN "match_kind" "match_kind",
  ADD COLUMN "match_by" "match_by",
  ADD COLUMN "candidates" JSONB;

UPDATE "staged_record_state" SET "match_kind" = 'UPDATE', "match_by" = 'EXTERNAL_ID'
WHERE "matched_id" IS NOT NULL;

-- The few among many that wait for a choice are listed by themselves.
CREATE INDEX "staged_record_state_ambiguous_idx" ON "staged_record_state"("batch_id", "row_index")
  WHERE "match_kind" = 'AMBIGUOUS';

ALTER TABLE "decision_entry" ADD COLUMN "match_choice" TEXT;

CREATE TABLE "entity_match_key" (
  "workspace_id" UUID NOT NULL,
  "entity_type" "entity_type" NOT NULL,
  "key" BIGINT NOT NULL,
  "entity_id" UUID NOT NULL,

  CONSTRAINT "entity_match_key_pkey" PRIMARY KEY ("workspace_id", "entity_type", "key", "entity_id")
);
CREATE INDEX "entity_match_key_entity_id_idx" ON "entity_match_key"("entity_id");

CREATE TABLE "match_key_state" (
  "workspace_id" UUID NOT NULL,
  "entity_type" "entity_type" NOT NULL,
  "basis" TEXT NOT NULL,
  "seen_xid" xid8 NOT NULL,
  "system_identifier" TEXT,

  CONSTRAINT "match_key_state_pkey" PRIMARY KEY ("workspace_id", "entity_type")
);
