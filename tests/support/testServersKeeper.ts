/**
 * Starts the servers that a test run needs, tells the parent process where they are, and removes
 * all of it when the parent is done or dead. Run by the global set-up.
 */
import { startTestServers } from './testServers.ts';

const { servers, stop } = await startTestServers();

/** Exits by itself, because the schema engine leaves a timer of ten seconds behind. */
async function finish(): Promise<never> {
  try {
    await stop();
    process.exit(0);
  } catch (error) {
    console.error(error);
    process.exit(1);
  }
}

process.once('disconnect', finish);
if (process.connected) process.send?.(servers);
else await finish();
