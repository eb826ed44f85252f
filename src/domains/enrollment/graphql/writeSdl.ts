/** Writes `schema.graphql`; with `--check` fails where it is not what the code says. */
import { fileURLToPath } from 'node:url';
import { writeOrCheckSdl } from '../../../platform/graphql/subgraphSdl.ts';
import { schema } from './schema.ts';

await writeOrCheckSdl(schema, fileURLToPath(new URL('../schema.graphql', import.meta.url)), {
  check: process.argv.includes('--check'),
});
