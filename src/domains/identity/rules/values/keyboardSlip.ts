const ROWS = ['qwertyuiop', 'asdfghjkl', 'zxcvbnm'];

/** The letters beside each letter of a QWERTY keyboard, whose rows are shifted by half a key. */
const neighbours = findNeighbours();

/**
 * Whether a text is one slip of a finger away from another: a letter left out, two swapped, one
 * doubled, or one of a neighbouring key struck beside or in place of the right one. The first letter
 * counts as right. This is the fat-finger distance of one in T. Moore and B. Edelman, "Measuring the
 * Perpetrators and Funders of Typosquatting", Financial Cryptography 2010, by which most mistyped
 * domains are found and few real ones.
 *
 * @param written - in lower case, as `meant`
 */
export function isKeyboardSlip(written: string, meant: string): boolean {
  const longer = written.length - meant.length;
  if (longer < -1 || longer > 1 || written === meant) return false;
  let at = 0;
  while (at < meant.length && written[at] === meant[at]) at += 1;
  if (at === 0) return false;
  if (longer === -1) return written.slice(at) === meant.slice(at + 1);
  const struck = written[at] ?? '';
  if (longer === 1) {
    const beside = [meant[at - 1], meant[at]];
    return (
      written.slice(at + 1) === meant.slice(at) &&
      beside.some((key = '') => key === struck || isNeighbour(struck, key))
    );
  }
  if (written.slice(at + 1) === meant.slice(at + 1)) return isNeighbour(struck, meant[at] ?? '');
  const swapped = struck === meant[at + 1] && written[at + 1] === meant[at];
  return swapped && written.slice(at + 2) === meant.slice(at + 2);
}

function isNeighbour(key: string, other: string): boolean {
  return other !== '' && neighbours.get(key)?.includes(other) === true;
}

function findNeighbours(): ReadonlyMap<string, readonly string[]> {
  const keys = ROWS.flatMap((row, y) =>
    [...row].map((letter, index) => ({ letter, x: index + y / 2, y })),
  );
  return new Map(
    keys.map(({ letter, x, y }) => [
      letter,
      keys
        .filter((other) => other.letter !== letter)
        .filter((other) => Math.abs(other.x - x) <= 1 && Math.abs(other.y - y) <= 1)
        .map((other) => other.letter),
    ]),
  );
}
