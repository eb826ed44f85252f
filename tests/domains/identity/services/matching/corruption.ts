import type { SeededRandom } from '../../../../../src/domains/identity/demo/seededRandom.ts';

const SYLLABLES = `ba be bri ca chel co da den do el er fa fre ga gor ha hen is ja jo ka kel la lin
  lo ma mar mi na nel no ol pa per qui ra ri ro sa shaw so ta ter thom ti tor ul va vin wa wil wood
  ya zel mac son ton ley ham berg field ford man`.split(/\s+/);

const KEYBOARD = ['qwertyuiop', 'asdfghjkl', 'zxcvbnm'];

const SOUNDS = [
  ['ph', 'f'],
  ['ck', 'k'],
  ['c', 'k'],
  ['s', 'z'],
  ['ie', 'y'],
  ['ee', 'ea'],
  ['ll', 'l'],
  ['n', 'nn'],
  ['w', 'wh'],
] as const;

/** Distinct words of two to four syllables. */
export function wordList(random: SeededRandom, count: number): readonly string[] {
  const words = new Set<string>();
  while (words.size < count) {
    let word = '';
    for (let part = random.between(2, 3); part > 0; part -= 1) word += random.pick(SYLLABLES);
    words.add(word);
  }
  return [...words];
}

/** One of a list, those at its beginning more often: about as names are. */
export function skewed(random: SeededRandom, list: readonly string[]): string {
  const share = random.between(0, 999_999) / 1_000_000;
  return list[Math.floor(share ** 2.2 * list.length)] ?? '';
}

/** One error as typists, readers of handwriting, and listeners make them. */
export function corruptText(random: SeededRandom, text: string): string {
  const kind = random.between(0, 9);
  if (kind <= 5) return distort(random, text, /[a-z]/);
  if (kind <= 7) {
    const [from, to] = random.pick(SOUNDS);
    return text.includes(from) ? text.replace(from, to) : text.replace(to, from);
  }
  const words = text.split(' ');
  if (kind === 8 && words.length > 1) return words.toReversed().join(' ');
  const at = random.between(1, Math.max(1, text.length - 1));
  return words.length > 1 && random.chance(0.5)
    ? words.join('')
    : `${text.slice(0, at)} ${text.slice(at)}`;
}

/** Inserts, drops, replaces or swaps one character of a kind, in the place of another such. */
export function distort(random: SeededRandom, text: string, kind: RegExp): string {
  const places = [...text].flatMap((letter, at) => (kind.test(letter) ? at : []));
  if (places.length === 0) return text;
  const at = random.pick(places);
  const letter = text[at] ?? '';
  const isDigit = /\d/.test(letter);
  const replacement = isDigit ? String(random.between(0, 9)) : neighbour(random, letter);
  switch (random.between(0, isDigit ? 1 : 3)) {
    case 0:
      return text.slice(0, at) + replacement + text.slice(at + 1);
    case 1: {
      const next = text[at + 1] ?? '';
      if (!kind.test(next)) return text.slice(0, at) + replacement + text.slice(at + 1);
      return text.slice(0, at) + next + letter + text.slice(at + 2);
    }
    case 2:
      return text.slice(0, at) + text.slice(at + 1);
    default:
      return text.slice(0, at) + replacement + text.slice(at);
  }
}

function neighbour(random: SeededRandom, letter: string): string {
  const line = KEYBOARD.find((keys) => keys.includes(letter)) ?? 'etaoin';
  const at = line.indexOf(letter);
  return line[at + (at === 0 || (at < line.length - 1 && random.chance(0.5)) ? 1 : -1)] ?? 'e';
}
