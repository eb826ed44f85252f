/** A stop that was asked for, as against one that something failed. */
export class StopRequest extends Error {
  override readonly name = 'StopRequest';
}

/** One Ctrl-C arrives twice where npm passes on what the terminal has sent to all already. */
const signalsThatForce = 3;

/**
 * Listens for Ctrl-C, SIGTERM and the closing of the terminal from now on.
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
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, receive);
  // Nobody reads what is said once the terminal is gone; that must not end the process.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
}
