import './scalars.ts';
import './user.ts';
import './workspace.ts';
import './membership.ts';
import './contact.ts';
import './site.ts';
import './device.ts';
import './staging/stagedBatch.ts';
import './staging/stagedRecord.ts';
import './staging/mutations.ts';
import { builder } from './builder.ts';

/** The federated schema of the identity subgraph. */
export const schema = builder.toSubGraphSchema({
  linkUrl: 'https://specs.apollo.dev/federation/v2.9',
});
