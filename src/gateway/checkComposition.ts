/** Composes the committed SDL files; says what is wrong and exits with 1 where they do not compose. */
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { composeSupergraph } from './composeSupergraph.ts';
import { CompositionError } from './compositionError.ts';

const configFile = fileURLToPath(new URL('../../supergraph.yaml', import.meta.url));

try {
  const { subgraphs } = await composeSupergraph(relative(process.cwd(), configFile));
  console.log(`supergraph.yaml composes: ${subgraphs.map(({ name }) => name).join(', ')}`);
} catch (error) {
  if (!(error instanceof CompositionError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
