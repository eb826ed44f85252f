/** Codes that clients may rely on; anything else is masked as `INTERNAL_SERVER_ERROR`. */
export const ERROR_CODES = [
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'BAD_USER_INPUT',
  'EMPTY_WORKSPACE',
  'AUDIT_IN_PROGRESS',
  'CONFLICT',
  'QUEUE_UNAVAILABLE',
  'SERVICE_UNAVAILABLE',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/**
 * An error that the caller is meant to read: its message says what is wrong and what to do, its
 * code is part of the API, and it reaches clients as it is. Everything else that is thrown is a
 * defect or an outage and is masked.
 */
export class ExpectedError extends Error {
  readonly code: ErrorCode;
  /** Further machine-readable facts, sent beside the code: `field`, `batchId`, `version`. */
  readonly details: Readonly<Record<string, string | number>>;

  constructor(
    code: ErrorCode,
    message: string,
    details: Readonly<Record<string, string | number>> = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'ExpectedError';
    this.code = code;
    this.details = details;
  }
}

export function unauthenticated(message: string): ExpectedError {
  return new ExpectedError('UNAUTHENTICATED', message);
}

/** A missing thing and one the caller may not know of get the very same error. */
export function notFound(what: string): ExpectedError {
  return new ExpectedError(
    'NOT_FOUND',
    `No such ${what}, or you are not a member of ${what === 'workspace' ? 'it' : 'its workspace'}.`,
  );
}

/** @param field - path of the input field that is wrong, such as `input.title` */
export function badUserInput(field: string, message: string): ExpectedError {
  return new ExpectedError('BAD_USER_INPUT', message, { field });
}
