import { SingleBar } from 'cli-progress';

/** A progress bar on standard error; silent where that is no terminal. */
export interface Progress {
  update(done: number, total: number): void;
  stop(): void;
}

/** @param label - what is under way, such as `audit` */
export function startProgress(label: string, unit: string): Progress {
  if (!process.stderr.isTTY) return { update: () => {}, stop: () => {} };
  const bar = new SingleBar({
    format: `${label} {bar} {percentage}% | {value}/{total} ${unit} | {duration_formatted}`,
    stream: process.stderr,
    hideCursor: true,
  });
  bar.start(0, 0);
  return {
    update(done, total) {
      bar.setTotal(total);
      bar.update(done);
    },
    stop: () => bar.stop(),
  };
}
