import { badUserInput } from '../../../../../platform/errors.ts';

/** A longer one is no name: the file has no header. */
const MAX_CHARACTERS = 200;

/**
 * Names columns so that all differ: `Note (2)` for a second `Note`, `Column 3` for one without a name.
 *
 * @throws `BAD_USER_INPUT` for a name that is none
 */
export function nameColumns(header: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return header.map((cell, index) => {
    const base = cell.trim() || `Column ${index + 1}`;
    if (base.length > MAX_CHARACTERS) throw nameTooLong(index);
    let name = base;
    for (let count = 2; taken.has(name); count += 1) name = `${base} (${count})`;
    taken.add(name);
    return name;
  });
}

function nameTooLong(index: number): Error {
  return badUserInput(
    'file',
    `The name of column ${index + 1} has more than ${MAX_CHARACTERS} characters. The first line must be the header.`,
  );
}
