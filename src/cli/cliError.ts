/** Something the user can mend: printed as one line, without a stack. */
export class CliError extends Error {
  override readonly name: string = 'CliError';
}

/** The gateway refused what it was asked for. */
export class Refusal extends CliError {
  override readonly name = 'Refusal';
  /** Of the error, where the gateway gave one: see `docs/security.md`. */
  readonly code: string | undefined;

  constructor(message: string, code: string | undefined) {
    super(code === undefined ? message : `${message} (${code})`);
    this.code = code;
  }
}

/** Whether the gateway knows of no such thing, or the user is not to know of it. */
export function isNotFound(error: unknown): boolean {
  return error instanceof Refusal && error.code === 'NOT_FOUND';
}

/** @param url - of the gateway */
export function gatewayUnreachable(url: string, cause: unknown): CliError {
  return new CliError(
    `The gateway at ${url} does not answer. Start it with "npm start", or name another by --gateway or GATEWAY_PORT.`,
    { cause },
  );
}
