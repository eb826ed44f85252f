import type { SubgraphAddress } from './supergraphConfig.ts';

const TIMEOUT_MS = 2_000;

/** Names the subgraphs that are not ready to serve; each tells by its `/readyz`. */
export async function findUnreadySubgraphs(
  subgraphs: readonly SubgraphAddress[],
): Promise<readonly string[]> {
  const answers = await Promise.all(
    subgraphs.map(async ({ name, url }) => ({ name, ready: await isReady(url) })),
  );
  return answers.filter(({ ready }) => !ready).map(({ name }) => name);
}

async function isReady(url: string): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const response = await fetch(new URL('/readyz', url), { signal });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
