/** Something the user can mend: printed as one line, without a stack. */
export class CliError extends Error {
  override readonly name = 'CliError';
}

/** @param url - of the gateway */
export function gatewayUnreachable(url: string, cause: unknown): CliError {
  return new CliError(
    `The gateway at ${url} does not answer. Start it with "npm start", or name another by --gateway or GATEWAY_PORT.`,
    { cause },
  );
}
