/** What was measured at one of several times. */
export type Figures = Readonly<Record<string, number>>;

/** What a benchmark came to: medians of its rounds. */
export interface BenchResult {
  readonly name: string;
  readonly entities: number;
  readonly seconds: number;
  readonly floorSeconds: number;
  /** How many times the floor's time ours takes. */
  readonly ratio: number;
  readonly peakRssMb: number;
  /** What else was measured. */
  readonly [further: string]: string | number | readonly Figures[];
}
