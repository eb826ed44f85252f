-- The form in which names and e-mail addresses are compared where a row of an import refers to an
-- entity by them. PARALLEL SAFE and IMMUTABLE, as an index demands it.
CREATE FUNCTION "reference_key"("value" text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT nullif(btrim(lower(regexp_replace(normalize("value", NFKC), '\s+', ' ', 'g'))), '')
$$;

-- Partial indexes over expressions, which the schema has no words for.
CREATE INDEX "third_party_email_reference" ON "third_party"("workspace_id", "reference_key"("email"))
WHERE "state" = 'ACTIVE' AND "email" IS NOT NULL;

CREATE INDEX "third_party_name_reference" ON "third_party"(
  "workspace_id",
  "reference_key"(coalesce("organisation_name", coalesce("given_name", '') || ' ' || coalesce("family_name", '')))
) WHERE "state" = 'ACTIVE';

CREATE INDEX "customer_site_name_reference" ON "customer_site"("workspace_id", "reference_key"("name"))
WHERE "state" = 'ACTIVE' AND "name" IS NOT NULL;
