import { ConfigError } from '../platform/config.ts';

/** A supergraph that can't be composed. Each problem names the subgraph, type and field it is about. */
export class CompositionError extends ConfigError {
  readonly problems: readonly string[];

  constructor(file: string, problems: readonly string[]) {
    super([`${file} does not compose:`, ...problems.map((problem) => `- ${problem}`)].join('\n'));
    this.problems = problems;
  }
}
