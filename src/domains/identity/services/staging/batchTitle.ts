import { badUserInput } from '../../../../platform/errors.ts';

const LONGEST = 200;

/**
 * What people call a batch: what its caller says, or what it is and the day.
 *
 * @param kind - what it is, such as `Data audit`
 * @throws `BAD_USER_INPUT` for a title of white space alone, or of more than 200 characters
 */
export function batchTitle(title: string | undefined, kind: string): string {
  if (title === undefined) return `${kind} — ${new Date().toISOString().slice(0, 10)}`;
  const trimmed = title.trim();
  if (trimmed === '' || [...trimmed].length > LONGEST) {
    throw badUserInput(
      'input.title',
      `A title has 1 to ${LONGEST} characters. Leave it out for one that says the day.`,
    );
  }
  return trimmed;
}
