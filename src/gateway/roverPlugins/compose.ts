/** `npm run compose`: what the real `rover supergraph compose` makes of supergraph.yaml. */
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startRover } from './roverProcess.ts';

const configFile = fileURLToPath(new URL('../../../supergraph.yaml', import.meta.url));
const rover = startRover(
  ['supergraph', 'compose', '--config', configFile, ...process.argv.slice(2)],
  ['supergraph'],
);
const [code] = await once(rover, 'exit');
process.exitCode = code ?? 1;
