import { z } from 'zod';
import { signDevelopmentToken } from '../platform/auth/developmentKey.ts';
import type { Config } from '../platform/config.ts';
import { awaitDemoAudit, formatDemoAudit, isAudited, triggerDemoAudit } from './demoAudit.ts';
import { enrollDemoDevices } from './demoEnrollments.ts';
import { connectionOf, createGatewayClient, type GatewayClient } from './gatewayClient.ts';
import { runScript } from './runScript.ts';
import type { ServiceDefinition } from './serviceProcess.ts';

export const DEMO_ADMIN = 'admin@demo.example';

const demoSlug = 'demo';

interface Demo {
  readonly workspaceId: string;
  readonly audit: { readonly id: string; readonly status: string } | undefined;
}

/**
 * Sees to it that the demo workspace has data, enrollments and an audit, and shows what that found.
 * Does what is missing, so that a first start that was interrupted is finished by the next.
 *
 * @param seed - the script that fills the workspace; it may run more than once
 * @returns the id of the latest audit
 */
export async function prepareDemo(
  config: Config,
  gatewayUrl: string,
  seed: ServiceDefinition,
  signal: AbortSignal,
): Promise<string> {
  const token = await signDevelopmentToken(config, DEMO_ADMIN);
  const gateway = createGatewayClient(gatewayUrl, token, signal);
  const known = await findDemo(gateway);
  if (known?.audit && isAudited(known.audit.status)) return known.audit.id;

  console.log('Preparing the demo workspace …');
  await runScript(seed, signal);
  const demo = await findDemo(gateway);
  if (!demo) throw new Error(`The demo workspace is missing, although ${seed.name} succeeded.`);
  await enrollDemoDevices(gateway, demo.workspaceId);
  const batchId = demo.audit?.id ?? (await triggerDemoAudit(gateway, demo.workspaceId));
  console.log(formatDemoAudit(await awaitDemoAudit(gateway, batchId)));
  return batchId;
}

/** @returns undefined where the demo's admin is a member of no such workspace, or nobody yet */
async function findDemo(gateway: GatewayClient): Promise<Demo | undefined> {
  const { workspaces } = await gateway.ask(
    `query DemoWorkspace {
      workspaces {
        id slug
        stagedBatches(filter: { sourceType: DATA_AUDIT }, first: 1) { edges { node { id status } } }
      }
    }`,
    {},
    z.object({
      workspaces: z.array(
        z.object({
          id: z.string(),
          slug: z.string(),
          stagedBatches: connectionOf(z.object({ id: z.string(), status: z.string() })),
        }),
      ),
    }),
  );
  const workspace = workspaces.find(({ slug }) => slug === demoSlug);
  return workspace && { workspaceId: workspace.id, audit: workspace.stagedBatches[0] };
}
