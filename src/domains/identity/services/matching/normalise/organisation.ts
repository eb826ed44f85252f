import { foldText } from './text.ts';

/** Legal forms and words that don't tell one organisation from another. */
const INDISTINCT = new Set(
  `inc incorporated corp corporation co company llc llp lp ltd limited plc gmbh ag kg ohg ug mbh sa
   sarl sas srl spa bv nv ab as oy aps pty pte kk the and of und et y de la le`.split(/\s+/),
);

/** The name of an organisation or site as it is compared: folded, without legal form and articles. */
export function normaliseOrganisationName(text: string | null | undefined): string {
  const folded = foldText(text);
  if (!folded.includes(' ')) return folded;
  const all = folded.split(' ');
  // A letter at the end is no article: Building E.
  const words = all.filter(
    (word, at) => !INDISTINCT.has(word) || (word.length === 1 && at === all.length - 1),
  );
  return words.length === 0 ? folded : words.join(' ');
}
