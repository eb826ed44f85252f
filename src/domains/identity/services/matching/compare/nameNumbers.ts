/** Numbers in words, as cardinals and as ordinals. */
const WORDS = new Map(
  [
    'one first',
    'two second',
    'three third',
    'four fourth',
    'five fifth',
    'six sixth',
    'seven seventh',
    'eight eighth',
    'nine ninth',
    'ten tenth',
  ].flatMap((words, at) => words.split(' ').map((word) => [word, String(at + 1)])),
);

/** Up to 39, which is more than kings and buildings come to; a single letter is not looked at here. */
const ROMAN = /^(?=..)(x{0,3})(ix|iv|v?i{0,3})$/;

/** What single letters tell apart, in the languages that addresses are met in. */
const NUMBERED = new Set(
  `area bay berth block building bldg dock door floor gate hall level lot phase pier platform room rm
   section sector site suite terminal tower unit wing zone gebaude halle haus batiment edificio`.split(
    /\s+/,
  ),
);

/**
 * The numbers in a folded name, however they are written: `hub 007` has 7, `hall iv` and `fourth
 * floor` 4, `building b` and `wing b east` b.
 */
export function nameNumbers(name: string): ReadonlySet<string> {
  const words = name.split(' ');
  return new Set(
    words.flatMap((word, at) => {
      const digits = word.match(/\d+/g);
      if (digits !== null) return digits.map((number) => number.replace(/^0+(?=\d)/, ''));
      const written = WORDS.get(word);
      if (written !== undefined) return [written];
      if (word.length === 1) {
        const isNumber = at > 0 && (at === words.length - 1 || NUMBERED.has(words[at - 1] ?? ''));
        return isNumber ? [romanValue(word) || word] : [];
      }
      return ROMAN.test(word) ? [romanValue(word)] : [];
    }),
  );
}

/** Both are numbered, and neither has all the numbers of the other. */
export function areNumberedApart(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return one.size > 0 && other.size > 0 && !isPartOf(one, other) && !isPartOf(other, one);
}

function isPartOf(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return [...one].every((number) => other.has(number));
}

/** Empty for what is no Roman numeral. */
function romanValue(word: string): string {
  const match = /^(x{0,3})(ix|iv|v?i{0,3})$/.exec(word);
  if (match === null) return '';
  const [, tens = '', ones = ''] = match;
  const values: Readonly<Record<string, number>> = { ix: 9, iv: 4 };
  const unit = values[ones] ?? (ones.startsWith('v') ? 4 + ones.length : ones.length);
  return String(10 * tens.length + unit);
}
