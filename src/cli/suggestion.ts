interface Suggestion {
  readonly suggestedValue: string | null;
  readonly suggestionCertainty: string | null;
}

/** A suggested value for a cell of a table, with a mark where it is not certain. */
export function describeSuggestion({ suggestedValue, suggestionCertainty }: Suggestion): string {
  if (suggestedValue === null || suggestionCertainty !== 'LIKELY') return suggestedValue ?? '';
  return `${suggestedValue} (likely)`.trimStart();
}
