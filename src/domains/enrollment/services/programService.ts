import { validate as isUuid, v7 as uuidv7 } from 'uuid';
import { badUserInput, ExpectedError } from '../../../platform/errors.ts';
import { type KeysetPage, keysetById } from '../../../platform/keyset.ts';
import { Prisma, type Program } from '../generated/prisma/client.ts';
import { readableWorkspaceIds } from './permissions.ts';
import type { ServiceContext } from './serviceContext.ts';

const MAX_CODE_LENGTH = 50;
const MAX_NAME_LENGTH = 200;

/** Upper and lower case letters, digits and `.`, `_`, `-` between them. */
const CODE = /^[a-z0-9]+([._-][a-z0-9]+)*$/i;

/** Unicode's control characters: https://www.unicode.org/reports/tr44/#General_Category_Values */
const CONTROL_CHARACTER = /\p{Cc}/u;

/** Those of the programs that exist and that the caller may read, in no particular order. */
export async function findPrograms(
  context: ServiceContext,
  ids: readonly string[],
): Promise<Program[]> {
  const workspaceIds = await readableWorkspaceIds(context);
  return context.prisma.program.findMany({
    where: { id: { in: ids.filter((id) => isUuid(id)) }, workspaceId: { in: workspaceIds } },
  });
}

/** A page of a workspace's programs in the order they were created; relies on (workspace_id, id). */
export function listPrograms(
  { prisma }: ServiceContext,
  workspaceId: string,
  page: KeysetPage<string>,
): Promise<Program[]> {
  const { bounds, order } = keysetById(page);
  return prisma.program.findMany({ where: { workspaceId, AND: bounds }, ...order });
}

export interface CreateProgramInput {
  readonly workspaceId: string;
  readonly code: string;
  readonly name: string;
}

/**
 * @throws `BAD_USER_INPUT` for a code or name that can't be, `CONFLICT` for a code that is taken
 */
export async function createProgram(
  { prisma }: ServiceContext,
  { workspaceId, code, name: givenName }: CreateProgramInput,
): Promise<Program> {
  const name = givenName.trim();
  if (!CODE.test(code) || code.length > MAX_CODE_LENGTH) {
    throw badUserInput(
      'input.code',
      `A code has 1 to ${MAX_CODE_LENGTH} letters and digits, with single ".", "_" or "-" between them.`,
    );
  }
  if (name === '' || name.length > MAX_NAME_LENGTH || CONTROL_CHARACTER.test(name)) {
    throw badUserInput(
      'input.name',
      `A name has 1 to ${MAX_NAME_LENGTH} characters, none of them a line break or another control character.`,
    );
  }
  try {
    return await prisma.program.create({ data: { id: uuidv7(), workspaceId, code, name } });
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw new ExpectedError(
      'CONFLICT',
      `The workspace has a program with the code "${code}" already. Choose another.`,
    );
  }
}

/** https://www.prisma.io/docs/orm/reference/error-reference#p2002 */
function isUniqueViolation(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002';
}
