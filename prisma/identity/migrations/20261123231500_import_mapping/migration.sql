-- How the rows of an import are read.
ALTER TABLE "staged_batch" ADD COLUMN     "import_options" JSONB;

-- How the files of a source are read, under a name.
CREATE TABLE "import_mapping" (
    "id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "profile" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "mapping" JSONB NOT NULL,
    "saved_by_id" UUID NOT NULL,
    "saved_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "import_mapping_pkey" PRIMARY KEY ("id")
);

CREATE UNIQUE INDEX "import_mapping_workspace_id_profile_name_key" ON "import_mapping"("workspace_id", "profile", "name");
