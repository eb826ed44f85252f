import { watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Logger } from '../../platform/logger.ts';
import type { Gateway } from '../startGateway.ts';
import { readSupergraph } from './readSupergraph.ts';

/** A file is told to have changed several times while it is written. */
const SETTLE_MS = 20;

/** Has the gateway serve what the file of the supergraph says, each time that it changes. */
export function watchSupergraph(
  file: string,
  gateway: Gateway,
  logger: Logger,
): { readonly close: () => void } {
  let timer: NodeJS.Timeout | undefined;
  let served = Promise.resolve();
  const serve = async (): Promise<void> => {
    try {
      await gateway.replaceSupergraph(await readSupergraph(file));
      logger.info('The gateway serves the supergraph that was composed anew');
    } catch (error) {
      logger.warn({ err: error }, 'The new supergraph can not be served: the one before stays');
    }
  };
  // The folder, since a file that is replaced is not the one that was watched.
  const watcher = watch(dirname(file), (_event, name) => {
    if (name !== basename(file)) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      served = served.then(serve);
    }, SETTLE_MS);
  });
  return {
    close: () => {
      clearTimeout(timer);
      watcher.close();
    },
  };
}
