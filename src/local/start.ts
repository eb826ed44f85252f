/** `npm start`: brings up the whole supergraph on this machine, until Ctrl-C. */
import { runLocalSupergraph } from './localSupergraph.ts';
import { describeServices } from './services.ts';

process.exit(await runLocalSupergraph(describeServices));
