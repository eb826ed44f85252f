import type { Command } from 'commander';
import { z } from 'zod';
import { formatTable } from '../../platform/table.ts';
import { CliError } from '../cliError.ts';
import { describeExtent, extentSchema } from '../matchingExtent.ts';
import { printResult } from '../output.ts';
import { openSession, type Session, workspaceId } from '../session.ts';

const CERTIFICATE = /* GraphQL */ `
  query Certificate($id: ID!) {
    stagedBatch(id: $id) {
      id sourceType status
      matching { entityType comparedEntities fullReason }
      certificate {
        batchId workspaceId mode baseBatchId fullReason snapshot snapshotAt certifiedAt
        entities { entityType expected checked gone unreadable unchanged added changed removed }
        defaultCountry
        rules { id version severity parameters { id value } }
        rulesOff
        uncompared { population key blocks records pairs }
        findings { severity count }
      }
    }
  }
`;

const certificateSchema = z.object({
  batchId: z.string(),
  workspaceId: z.string(),
  mode: z.string(),
  baseBatchId: z.string().nullable(),
  fullReason: z.string().nullable(),
  snapshot: z.string(),
  snapshotAt: z.string(),
  certifiedAt: z.string(),
  entities: z.array(
    z.object({
      entityType: z.string(),
      expected: z.number(),
      checked: z.number(),
      gone: z.number(),
      unreadable: z.number(),
      unchanged: z.number(),
      added: z.number(),
      changed: z.number(),
      removed: z.number(),
    }),
  ),
  defaultCountry: z.string().nullable(),
  rules: z.array(
    z.object({
      id: z.string(),
      version: z.number(),
      severity: z.string(),
      parameters: z.array(z.object({ id: z.string(), value: z.number() })),
    }),
  ),
  rulesOff: z.array(z.string()),
  uncompared: z.array(
    z.object({
      population: z.string(),
      key: z.string(),
      blocks: z.number(),
      records: z.number(),
      pairs: z.number(),
    }),
  ),
  findings: z.array(z.object({ severity: z.string(), count: z.number() })),
});

/** With how much its searches for duplicates compared, which retention deletes. */
interface Certificate extends z.infer<typeof certificateSchema> {
  readonly matching: readonly z.infer<typeof extentSchema>[];
}

const batchShape = z.object({
  stagedBatch: z.object({
    id: z.string(),
    sourceType: z.string(),
    status: z.string(),
    matching: z.array(extentSchema),
    certificate: certificateSchema.nullable(),
  }),
});

const LAST_AUDIT = /* GraphQL */ `
  query LastAudit($workspaceId: ID!) {
    stagedBatches(workspaceId: $workspaceId, first: 1, filter: { sourceType: DATA_AUDIT }) {
      edges { node { id } }
    }
  }
`;

const lastAuditShape = z.object({
  stagedBatches: z.object({ edges: z.array(z.object({ node: z.object({ id: z.string() }) })) }),
});

export function addCertificateCommand(program: Command): void {
  program
    .command('certificate')
    .argument('[batch]', 'the audit (default: the last one of the workspace)')
    .option('--workspace <slug>', 'the workspace, where no audit is named')
    .description('show what an audit has looked at, and what not; --json exports it')
    .action(
      async (
        batch: string | undefined,
        { workspace }: { readonly workspace?: string },
        command: Command,
      ) => {
        const session = await openSession(command);
        const id = batch ?? (await lastAudit(session, workspace));
        const certificate = await readCertificate(session, id);
        printResult(session.json ? JSON.stringify(certificate) : formatCertificate(certificate));
      },
    );
}

/** @throws CliError where no workspace is named, or it has no audit */
async function lastAudit(session: Session, workspace: string | undefined): Promise<string> {
  if (workspace === undefined) {
    throw new CliError('Name an audit, or a workspace for its last one with --workspace SLUG.');
  }
  const variables = { workspaceId: await workspaceId(session, workspace) };
  const { stagedBatches } = await session.gateway.query(LAST_AUDIT, variables, lastAuditShape);
  const id = stagedBatches.edges[0]?.node.id;
  if (id !== undefined) return id;
  throw new CliError(
    `The workspace has no audit yet. Start one with: audit --workspace ${workspace}`,
  );
}

/** @throws CliError where the batch has none */
async function readCertificate({ gateway }: Session, id: string): Promise<Certificate> {
  const { stagedBatch } = await gateway.query(CERTIFICATE, { id }, batchShape);
  const { certificate, matching, sourceType, status } = stagedBatch;
  if (certificate !== null) return { ...certificate, matching };
  throw new CliError(
    sourceType === 'DATA_AUDIT'
      ? `Audit ${id} is ${status} and has no certificate: it gets one when it has been processed.`
      : `Batch ${id} is an import. Only audits have certificates.`,
  );
}

function formatCertificate(certificate: Certificate): string {
  const { batchId, mode, baseBatchId, fullReason, snapshotAt, snapshot } = certificate;
  const parameters = certificate.rules.flatMap((rule) => rule.parameters).length;
  return [
    `Audit ${batchId}: ${mode}${baseBatchId === null ? '' : `, since ${baseBatchId}`}.`,
    ...(fullReason === null ? [] : [`It is a full one: ${fullReason}`]),
    `Data as of ${snapshotAt} (snapshot ${snapshot}), certified at ${certificate.certifiedAt}.`,
    formatTable(
      ['Entities', 'Expected', 'Checked', 'Gone', 'Unreadable', 'Unchanged', ...MEANWHILE],
      certificate.entities.map((row) => [
        ...[row.entityType, row.expected, row.checked, row.gone, row.unreadable, row.unchanged],
        ...[row.added, row.changed, row.removed],
      ]),
    ),
    `Rules: ${certificate.rules.length} on, with ${parameters} parameters; off: ${listOf(certificate.rulesOff)}. Default country: ${certificate.defaultCountry ?? 'none'}. --json has their versions, severities and parameters.`,
    ...certificate.matching.flatMap(describeExtent),
    `Not compared: ${listOf(certificate.uncompared.map(({ key, population, pairs }) => `up to ${pairs} pairs with the same ${key} (${population})`))}.`,
    `Findings: ${certificate.findings.map(({ severity, count }) => `${count} ${severity}`).join(', ')}.`,
  ].join('\n');
}

/** While the audit ran. */
const MEANWHILE = ['Added since', 'Changed since', 'Removed since'];

function listOf(items: readonly string[]): string {
  return items.length === 0 ? 'none' : items.join(', ');
}
