/** Pairs of rows, the smaller row first, with their weights in bits. */
export interface MatchedPairs {
  readonly first: Int32Array;
  readonly second: Int32Array;
  readonly weight: Float32Array;
}

/** Collects pairs without an object for each. */
export class PairList {
  #first = new Int32Array(1 << 10);
  #second = new Int32Array(1 << 10);
  #weight = new Float32Array(1 << 10);
  #size = 0;

  add(one: number, other: number, weight: number): void {
    if (this.#size === this.#first.length) this.#grow();
    this.#first[this.#size] = Math.min(one, other);
    this.#second[this.#size] = Math.max(one, other);
    this.#weight[this.#size] = weight;
    this.#size += 1;
  }

  /** What was added, in its order. */
  pairs(): MatchedPairs {
    return {
      first: this.#first.slice(0, this.#size),
      second: this.#second.slice(0, this.#size),
      weight: this.#weight.slice(0, this.#size),
    };
  }

  #grow(): void {
    const [first, second, weight] = [this.#first, this.#second, this.#weight];
    this.#first = new Int32Array(first.length * 2);
    this.#second = new Int32Array(first.length * 2);
    this.#weight = new Float32Array(first.length * 2);
    this.#first.set(first);
    this.#second.set(second);
    this.#weight.set(weight);
  }
}
