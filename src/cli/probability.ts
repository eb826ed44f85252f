/** Another entity that is taken for the same. */
export interface ShownMatch {
  readonly entityId: string;
  readonly probability: number;
}

/** ` (98 %)` behind the name of an entity that was compared; nothing behind others. */
export function describeProbability(entityId: string, matches: readonly ShownMatch[]): string {
  const match = matches.find((candidate) => candidate.entityId === entityId);
  return match === undefined ? '' : ` (${Math.floor(match.probability * 100)} %)`;
}
