import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import type { Supergraph } from '../../e2e/supergraph.ts';
import { createTemporaryFolder } from '../../support/temporaryFolder.ts';

/** A workspace that nobody but its owner may see. */
export interface ForeignWorkspace {
  /** The email address of its only member. */
  readonly owner: string;
  /** Stands in all texts of the workspace, and nowhere else. */
  readonly marker: string;
  /** The ids of what is in it. */
  readonly ids: readonly string[];
  /** Those of them that most fields take: of the workspace and its batches. */
  readonly frequentIds: readonly string[];
  /** What its things are called by where they have no id. */
  readonly texts: readonly string[];
  /** All that the database has of it, by table, as a fingerprint. */
  contents(): Promise<Readonly<Record<string, string>>>;
}

const OWNER = 'owner@foreign.example';
const MARKER = 'zzforeign';
const SLUG = `${MARKER}-workspace`;

const SITES = `name,addressLine1,locality,country,phone,externalId
${MARKER} Depot,1 ${MARKER} Street,${MARKER}town,US,(312) 555-0142,${MARKER}-S1
${MARKER} Yard,2 ${MARKER} Street,${MARKER}town,US,12,${MARKER}-S2
`;
const CONTACTS = `givenName,familyName,email,phone,externalId,Note
${MARKER}a,Byron,a@${MARKER}.example,3125550142,${MARKER}-C1,${MARKER}
${MARKER}a,Byron,a@${MARKER}.example,,${MARKER}-C2,${MARKER}
,${MARKER}moss,not ${MARKER},,${MARKER}-C3,${MARKER}
`;
const DEVICES = `serialNumber,manufacturer,model,siteExternalId,externalId
${MARKER}-1,${MARKER},${MARKER},${MARKER}-S1,${MARKER}-D1
${MARKER}-2,${MARKER},,${MARKER}-S1,${MARKER}-D2
`;

/** Fills it with something of every kind: entities, findings, decisions, history, settings, enrollments. */
export async function fillForeignWorkspace(supergraph: Supergraph): Promise<ForeignWorkspace> {
  const run = (...args: string[]) => supergraph.json('--as', OWNER, ...args);
  await run('workspace', 'create', SLUG, '--country', 'US');
  for (const [profile, text] of [
    ['siteImport', SITES],
    ['contactImport', CONTACTS],
    ['deviceImport', DEVICES],
  ] as const) {
    const { batchId } = await importFile(run, profile, text);
    await run('review', batchId, '--accept', '--records', '--all', '--comment', MARKER);
    await run('review', batchId, '--reject', '--all', '--comment', MARKER);
    await run('promote', batchId);
  }
  await importFile(run, 'contactImport', CONTACTS.replaceAll('Byron', `${MARKER}on`));
  const { batchId } = await run('audit', '--workspace', SLUG, '--wait');
  await run('review', batchId, '--waive', '--severity', 'WARNING', '--reason', MARKER);
  await run('review', batchId, '--accept', '--all', '--comment', MARKER);
  await run('promote', batchId);
  await run(...['schedule', 'add', '--workspace', SLUG, '--cron', '0 3 * * *', '--title', MARKER]);
  const enrolled = await enroll(supergraph);
  const client = new pg.Client({ connectionString: supergraph.databaseUrl });
  await client.connect();
  try {
    const ids = await idsOf(client);
    return {
      ...{ owner: OWNER, marker: MARKER, ids: [...ids, ...enrolled] },
      frequentIds: await frequentIdsOf(client),
      texts: [SLUG, MARKER, `${MARKER}-C1`, OWNER],
      contents: () => contentsOf(supergraph.databaseUrl),
    };
  } finally {
    await client.end();
  }
}

async function importFile(run: Supergraph['json'], profile: string, text: string) {
  const path = join(await createTemporaryFolder('foreign'), `${MARKER}.csv`);
  await writeFile(path, text);
  return run(
    ...['import', path, '--workspace', SLUG, '--profile', profile, '--save-mapping', MARKER],
  );
}

/** @returns the ids of the program and the enrollment */
async function enroll({ ask }: Supergraph): Promise<readonly string[]> {
  const { data } = await ask(
    OWNER,
    'query ($slug: String!) { workspaceBySlug(slug: $slug) { id } }',
    { slug: SLUG },
  );
  const workspaceId = idAt(data, 'workspaceBySlug');
  const program = await ask(
    OWNER,
    'mutation ($input: CreateProgramInput!) { createProgram(input: $input) { id } }',
    { input: { workspaceId, code: MARKER, name: MARKER } },
  );
  const devices = await ask(
    OWNER,
    'query ($id: ID!) { devices(workspaceId: $id, first: 1) { edges { node { id } } } }',
    { id: workspaceId },
  );
  const programId = idAt(program.data, 'createProgram');
  const deviceId = idAt(devices.data, 'devices', 'edges', '0', 'node');
  const enrollment = await ask(
    OWNER,
    'mutation ($input: EnrollDeviceInput!) { enrollDevice(input: $input) { id } }',
    { input: { programId, deviceId } },
  );
  return [programId, idAt(enrollment.data, 'enrollDevice')];
}

function idAt(data: unknown, ...path: readonly string[]): string {
  const id = [...path, 'id'].reduce<unknown>((value, key) => Reflect.get(Object(value), key), data);
  if (typeof id !== 'string') throw new Error(`There is no id at ${path.join('.')}.`);
  return id;
}

const OWN_TABLES = `
  SELECT table_name AS name, array_agg(column_name::text) AS columns FROM information_schema.columns
  WHERE table_schema = current_schema() GROUP BY table_name`;

/** How the rows of a table belong to the workspace; null for those that are everybody's. */
function belonging(columns: readonly string[]): string | null {
  const workspace = `(SELECT id FROM workspace WHERE slug = '${SLUG}')`;
  if (columns.includes('workspace_id')) return `workspace_id = ${workspace}`;
  if (!columns.includes('batch_id')) return null;
  return `batch_id IN (SELECT id FROM staged_batch WHERE workspace_id = ${workspace})`;
}

async function idsOf(client: pg.Client): Promise<readonly string[]> {
  const { rows: tables } = await client.query<{ name: string; columns: string[] }>(OWN_TABLES);
  const parts = tables.flatMap(({ name, columns }) => {
    const condition = belonging(columns);
    if (condition === null || !columns.includes('id')) return [];
    return [`SELECT id::text FROM "${name}" WHERE ${condition}`];
  });
  const { rows } = await client.query<{ id: string }>(
    `SELECT id::text FROM workspace WHERE slug = '${SLUG}'
     UNION SELECT id::text FROM app_user WHERE email = '${OWNER}'
     UNION ${parts.join(' UNION ')}`,
  );
  return rows.map(({ id }) => id);
}

async function frequentIdsOf(client: pg.Client): Promise<readonly string[]> {
  const { rows } = await client.query<{ id: string }>(
    `WITH it AS (SELECT id FROM workspace WHERE slug = '${SLUG}')
     SELECT id FROM it UNION SELECT b.id FROM staged_batch b JOIN it ON b.workspace_id = it.id`,
  );
  return rows.map(({ id }) => id);
}

async function contentsOf(connectionString: string): Promise<Record<string, string>> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ name: string; columns: string[] }>(OWN_TABLES);
    const contents: Record<string, string> = {};
    for (const { name, columns } of tables) {
      const condition = belonging(columns);
      if (condition === null) continue;
      const { rows } = await client.query<{ print: string }>(
        `SELECT count(*) || ' ' || md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) AS print
         FROM "${name}" t WHERE ${condition}`,
      );
      contents[name] = rows[0]?.print ?? '';
    }
    return contents;
  } finally {
    await client.end();
  }
}
