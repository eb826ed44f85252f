import { z } from 'zod';

/** Sends GraphQL to the gateway as one person. */
export interface GatewayClient {
  /**
   * @param data - what the answer must look like
   * @throws Error with the gateway's messages, or when the answer looks different
   */
  ask<T>(
    document: string,
    variables: Readonly<Record<string, unknown>>,
    data: z.ZodType<T>,
  ): Promise<T>;
}

const envelope = z.object({
  data: z.unknown(),
  errors: z.array(z.object({ message: z.string() })).optional(),
});

/** @param signal - ends what is under way */
export function createGatewayClient(
  url: string,
  token: string,
  signal: AbortSignal,
): GatewayClient {
  return {
    async ask(document, variables, data) {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ query: document, variables }),
        signal,
      });
      const answer = envelope.parse(await response.json());
      if (answer.errors) throw new Error(answer.errors.map(({ message }) => message).join(' '));
      return data.parse(answer.data);
    },
  };
}

/** A page of a list, of which only the items matter. */
export function connectionOf<T>(node: z.ZodType<T>): z.ZodType<readonly T[]> {
  return z
    .object({ edges: z.array(z.object({ node })) })
    .transform(({ edges }) => edges.map((edge) => edge.node));
}
