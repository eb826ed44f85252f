import { badUserInput } from '../../../../platform/errors.ts';
import type { AuditMode } from '../../generated/prisma/enums.ts';

const LONGEST = 200;

/**
 * What people call an audit: what its caller says, or its kind and the day.
 *
 * @param mode - that was asked for
 * @throws `BAD_USER_INPUT` for a title of white space alone, or of more than 200 characters
 */
export function auditTitle(title: string | undefined, mode: AuditMode): string {
  if (title === undefined) {
    const kind = mode === 'INCREMENTAL' ? 'Incremental data audit' : 'Data audit';
    return `${kind} — ${new Date().toISOString().slice(0, 10)}`;
  }
  const trimmed = title.trim();
  if (trimmed === '' || [...trimmed].length > LONGEST) {
    throw badUserInput(
      'input.title',
      `A title has 1 to ${LONGEST} characters. Leave it out for one that says the day.`,
    );
  }
  return trimmed;
}
