/** A stop that was asked for, as against one that something failed. */
export class StopRequest extends Error {
  override readonly name = 'StopRequest';
}

/** One Ctrl-C arrives twice where npm passes on what the terminal has sent to all already. */
const signalsThatForce = 3;

/**
 * Listens for SIGINT and SIGTERM from now on.
 *
 * @param onStop - called at the first
 * @param onForce - called at the third: the user has lost patience
 */
export function onStopSignals(onStop: () => void, onForce: () => void): void {
  let count = 0;
  const receive = (): void => {
    count += 1;
    if (count === 1) onStop();
    if (count === signalsThatForce) onForce();
  };
  process.on('SIGINT', receive);
  process.on('SIGTERM', receive);
}
