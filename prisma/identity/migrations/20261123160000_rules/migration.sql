-- CreateEnum
CREATE TYPE "suggestion_certainty" AS ENUM ('CERTAIN', 'LIKELY');

-- AlterTable
ALTER TABLE "finding" ADD COLUMN     "suggestion_certainty" "suggestion_certainty";

-- Until now a value was suggested only where one was certain.
UPDATE "finding" SET "suggestion_certainty" = 'CERTAIN' WHERE "suggested_value" IS NOT NULL;

-- AlterTable
ALTER TABLE "finding" ADD COLUMN     "explanation" JSONB;

-- AlterTable
ALTER TABLE "staged_batch_step" ADD COLUMN     "details" JSONB;

-- CreateTable
CREATE TABLE "match_model" (
    "workspace_id" UUID NOT NULL,
    "entity_type" "entity_type" NOT NULL,
    "batch_id" UUID NOT NULL,
    "parameters" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "match_model_pkey" PRIMARY KEY ("workspace_id","entity_type")
);

-- A fingerprint of the values by which entities are compared: where it is another one, two entities
-- that were said not to be the same are to be looked at again. A row's text tells null from empty and
-- quotes what separates values; days are counted, as their text depends on the session's date style.
CREATE FUNCTION "compared_values"(e "third_party") RETURNS uuid LANGUAGE sql STABLE AS $$
  SELECT md5(ROW(e.kind, e.given_name, e.family_name, e.organisation_name, e.email, e.phone,
    e.street_number, e.address_line1, e.address_line2, e.locality, e.region, e.postal_code, e.country,
    e.birth_date - DATE '1970-01-01')::text)::uuid
$$;
CREATE FUNCTION "compared_values"(e "customer_site") RETURNS uuid LANGUAGE sql STABLE AS $$
  SELECT md5(ROW(e.name, e.phone, e.email, e.street_number, e.address_line1, e.address_line2,
    e.locality, e.region, e.postal_code, e.country, e.latitude, e.longitude)::text)::uuid
$$;
CREATE FUNCTION "compared_values"(e "customer_device") RETURNS uuid LANGUAGE sql STABLE AS $$
  SELECT md5(ROW(e.serial_number, e.manufacturer, e.model, e.mac_address)::text)::uuid
$$;

-- AlterTable
ALTER TABLE "not_duplicate" ADD COLUMN     "first_fingerprint" UUID,
ADD COLUMN     "second_fingerprint" UUID;

-- What was decided before holds for the values as they are now: those of then are not known.
UPDATE "not_duplicate" n
SET "first_fingerprint" = compared_values(a), "second_fingerprint" = compared_values(b)
FROM "third_party" a, "third_party" b
WHERE n."entity_type" = 'contact' AND a."id" = n."first_id" AND b."id" = n."second_id";
UPDATE "not_duplicate" n
SET "first_fingerprint" = compared_values(a), "second_fingerprint" = compared_values(b)
FROM "customer_site" a, "customer_site" b
WHERE n."entity_type" = 'site' AND a."id" = n."first_id" AND b."id" = n."second_id";
UPDATE "not_duplicate" n
SET "first_fingerprint" = compared_values(a), "second_fingerprint" = compared_values(b)
FROM "customer_device" a, "customer_device" b
WHERE n."entity_type" = 'device' AND a."id" = n."first_id" AND b."id" = n."second_id";
DELETE FROM "not_duplicate" WHERE "first_fingerprint" IS NULL;

ALTER TABLE "not_duplicate" ALTER COLUMN "first_fingerprint" SET NOT NULL,
ALTER COLUMN "second_fingerprint" SET NOT NULL;
