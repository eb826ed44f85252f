import type { SeededRandom } from '../src/domains/identity/demo/seededRandom.ts';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

/** A slip of the fingers: a letter or digit more, less, another, or two swapped. */
export function typo(random: SeededRandom, text: string): string {
  const at = random.between(0, text.length - 1);
  const sign = text[at] ?? '';
  if (!/[\p{L}\d]/u.test(sign)) return text;
  const other = /\d/.test(sign) ? String(random.between(0, 9)) : random.pick([...LETTERS]);
  switch (random.between(0, 3)) {
    case 0:
      return text.slice(0, at) + other + text.slice(at + 1);
    case 1:
      return text.slice(0, at) + text.slice(at + 1);
    case 2:
      return text.slice(0, at) + other + text.slice(at);
    default:
      return text.slice(0, at) + (text[at + 1] ?? '') + sign + text.slice(at + 2);
  }
}
