/** The probability of odds that are given in bits. */
export function probabilityOf(weight: number): number {
  return 1 / (1 + 2 ** -weight);
}

/** The odds of a probability, in bits: what {@link probabilityOf} takes. */
export function oddsBits(probability: number): number {
  return Math.log2(probability / (1 - probability));
}
