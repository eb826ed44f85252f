/** Writes `schema.graphql` from the schema in code; `--check` only compares the two. */
import { join } from 'node:path';
import { writeOrCheckSdl } from '../../../platform/graphql/subgraphSdl.ts';
import { schema } from './schema.ts';

await writeOrCheckSdl(schema, join(import.meta.dirname, '../schema.graphql'), {
  check: process.argv.includes('--check'),
});
