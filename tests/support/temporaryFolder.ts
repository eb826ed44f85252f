import { chmod, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { inject } from 'vitest';
import './providedServers.ts';

/** A folder of its own that goes at the end of the run; every account may pass through it. */
export async function createTemporaryFolder(name: string): Promise<string> {
  const folder = await mkdtemp(join(inject('servers').folder, `${name}-`));
  await chmod(folder, 0o755);
  return folder;
}
