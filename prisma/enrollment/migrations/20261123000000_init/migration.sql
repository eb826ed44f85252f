-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "enrollment_status" AS ENUM ('ACTIVE', 'SUSPENDED', 'ENDED');

-- CreateTable
CREATE TABLE "program" (
    "id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "code" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "program_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "enrollment" (
    "id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "program_id" UUID NOT NULL,
    "device_id" UUID NOT NULL,
    "status" "enrollment_status" NOT NULL DEFAULT 'ACTIVE',
    "enrolled_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "enrollment_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "program_workspace_id_code_key" ON "program"("workspace_id", "code");

-- CreateIndex
CREATE UNIQUE INDEX "program_workspace_id_id_key" ON "program"("workspace_id", "id");

-- CreateIndex
CREATE INDEX "enrollment_device_id_idx" ON "enrollment"("device_id");

-- CreateIndex
CREATE INDEX "enrollment_workspace_id_id_idx" ON "enrollment"("workspace_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "enrollment_program_id_device_id_key" ON "enrollment"("program_id", "device_id");

-- AddForeignKey
ALTER TABLE "enrollment" ADD CONSTRAINT "enrollment_workspace_id_program_id_fkey" FOREIGN KEY ("workspace_id", "program_id") REFERENCES "program"("workspace_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
