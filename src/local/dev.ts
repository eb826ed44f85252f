/**
 * `npm run dev`: the same as `npm start` for who works on it. Subgraphs start anew when their
 * sources change, and rover composes anew when an SDL changes.
 */
import { runLocalSupergraph } from './localSupergraph.ts';
import { describeWatchedServices } from './services.ts';

process.exit(await runLocalSupergraph(describeWatchedServices));
