import { z } from 'zod';
import { CliError, gatewayUnreachable, Refusal } from './cliError.ts';
import { optionFor } from './optionNames.ts';
import { type OnSent, sendFile } from './sendFile.ts';

const errorsSchema = z.object({
  errors: z.tuple(
    [
      z.object({
        message: z.string(),
        extensions: z
          .object({ code: z.string().optional(), field: z.string().optional() })
          .optional(),
      }),
    ],
    z.unknown(),
  ),
});

/** The gateway, as the CLI's only way to the data. */
export interface GatewayClient {
  /**
   * @param shape - of the answer's `data`
   * @throws Refusal with the gateway's own message, and the option that it is about
   */
  query<T>(document: string, variables: object, shape: z.ZodType<T>): Promise<T>;
  /**
   * Sends a file to `POST /imports` as a stream.
   *
   * @throws CliError for a file that can't be read, and as `query`
   */
  upload<T>(
    path: string,
    parameters: URLSearchParams,
    shape: z.ZodType<T>,
    onSent: OnSent,
  ): Promise<T>;
}

/** @param url - of the gateway, without a path */
export function createGatewayClient(url: string, token: string): GatewayClient {
  const authorization = `Bearer ${token}`;
  return {
    async query(document, variables, shape) {
      const response = await fetch(new URL('/graphql', url), {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json', authorization },
        body: JSON.stringify({ query: document, variables }),
      }).catch((error: unknown) => {
        throw gatewayUnreachable(url, error);
      });
      return readAnswer(await response.text(), z.object({ data: shape })).data;
    },
    async upload(path, parameters, shape, onSent) {
      const target = new URL(`/imports?${parameters}`, url);
      return readAnswer(await sendFile(path, target, authorization, onSent), shape);
    },
  };
}

function readAnswer<T>(body: string, shape: z.ZodType<T>): T {
  let answer: unknown;
  try {
    answer = JSON.parse(body);
  } catch {
    throw new CliError(`The gateway answered what is not JSON: ${body.slice(0, 200)}`);
  }
  const refusal = errorsSchema.safeParse(answer);
  if (refusal.success) throw refusalOf(refusal.data.errors[0]);
  const read = shape.safeParse(answer);
  if (read.success) return read.data;
  throw new CliError(
    'The gateway gave an answer that this command line does not understand. Are they of the same version?',
    { cause: read.error },
  );
}

function refusalOf({ message, extensions }: z.infer<typeof errorsSchema>['errors'][0]): Refusal {
  const option = extensions?.field === undefined ? undefined : optionFor(extensions.field);
  const line = message.replace(/\s+/g, ' ').trim();
  return new Refusal(option === undefined ? line : `${option}: ${line}`, extensions?.code);
}
