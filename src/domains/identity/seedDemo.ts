/**
 * Fills the demo workspace, through staged batches like all data. Run by the local launcher while a
 * worker runs; prints `{ "created": true|false }`. May be interrupted and run again.
 */
import { setTimeout as delay } from 'node:timers/promises';
import sql from 'sql-template-tag';
import { DEVELOPMENT_ISSUER } from '../../platform/auth/developmentKey.ts';
import { readConfig } from '../../platform/config.ts';
import { createLogger } from '../../platform/logger.ts';
import { DEMO_WORKSPACE, generateDemoWorkspace } from './demo/demoWorkspace.ts';
import { createIdentityRuntime, type IdentityRuntime } from './identityRuntime.ts';
import { ENTITY_TYPES, type EntityType } from './rules/entities.ts';
import {
  type BatchStatus,
  findStagedBatch,
  type StagedBatch,
} from './services/staging/stagedBatch.ts';
import { resolveUserId } from './services/userService.ts';
import { createWorkspace, setMember } from './services/workspaceService.ts';

const MEMBERS = ['VIEWER', 'EDITOR', 'REVIEWER', 'ADMIN'] as const;
const POLL_MS = 100;

/** The launcher lets one seeding run at a time, so that one which still stages is a dead one's. */
const ABANDONED: readonly BatchStatus[] = ['FAILED', 'STAGING'];

const config = readConfig();
const runtime = createIdentityRuntime(config, createLogger('seedDemo', { logLevel: 'warn' }));
try {
  console.log(JSON.stringify({ created: await seedDemo(runtime) }));
} finally {
  await runtime.close();
}

async function seedDemo(services: IdentityRuntime): Promise<boolean> {
  const adminId = await demoUser(services, 'ADMIN');
  const workspaceId = await demoWorkspace(services, adminId);
  let created = false;
  // Sites refer to contacts and devices to sites, so each type waits for the one before it.
  for (const entityType of ENTITY_TYPES) {
    const title = `Demo data: ${entityType}s`;
    const known = await latestBatch(services, workspaceId, title);
    if (known?.status === 'COMPLETED') continue;
    const batchId =
      known === null || ABANDONED.includes(known.status)
        ? await stageDemoRows(services, { workspaceId, createdBy: adminId, title, entityType })
        : known.id;
    await untilCompleted(services, batchId);
    created = true;
  }
  return created;
}

async function demoWorkspace({ pool }: IdentityRuntime, createdBy: string): Promise<string> {
  const { slug, name, defaultCountry } = DEMO_WORKSPACE;
  const { rows } = await pool.query<{ id: string }>(
    sql`SELECT id FROM workspace WHERE slug = ${slug}`,
  );
  const id =
    rows[0]?.id ?? (await createWorkspace(pool, { slug, name, defaultCountry, createdBy }));
  for (const role of MEMBERS) {
    await setMember(pool, { workspaceId: id, userId: await demoUser({ pool }, role), role });
  }
  return id;
}

function demoUser({ pool }: Pick<IdentityRuntime, 'pool'>, role: (typeof MEMBERS)[number]) {
  const email = `${role.toLowerCase()}@demo.example`;
  return resolveUserId(pool, {
    issuer: DEVELOPMENT_ISSUER,
    subject: email,
    email,
    emailVerified: true,
    name: null,
  });
}

async function latestBatch(
  { pool }: IdentityRuntime,
  workspaceId: string,
  title: string,
): Promise<StagedBatch | null> {
  const { rows } = await pool.query<{ id: string }>(sql`
    SELECT id FROM staged_batch
    WHERE workspace_id = ${workspaceId} AND profile = 'demoSeed' AND title = ${title}
    ORDER BY id DESC LIMIT 1`);
  return rows[0] ? findStagedBatch(pool, rows[0].id) : null;
}

async function stageDemoRows(
  { ingestion }: IdentityRuntime,
  input: {
    readonly workspaceId: string;
    readonly createdBy: string;
    readonly title: string;
    readonly entityType: EntityType;
  },
): Promise<string> {
  const { entityType, ...batchInput } = input;
  const { batch } = await ingestion.ingestStagedBatch({
    ...batchInput,
    sourceType: 'API_IMPORT',
    profile: 'demoSeed',
    autoPromote: true,
    rows: generateDemoWorkspace().rows.filter((row) => row.entityType === entityType),
  });
  return batch.id;
}

async function untilCompleted({ pool }: IdentityRuntime, batchId: string): Promise<void> {
  for (;;) {
    const batch = await findStagedBatch(pool, batchId);
    if (batch?.status === 'COMPLETED') return;
    if (batch === null || batch.status === 'FAILED' || batch.status === 'READY_FOR_REVIEW') {
      throw new Error(`The demo data was not promoted: ${batch?.failureReason ?? batch?.status}`);
    }
    await delay(POLL_MS);
  }
}
