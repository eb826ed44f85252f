import { z } from 'zod';
import type { GatewayClient } from './gatewayClient.ts';

const MATCHING = /* GraphQL */ `
  query BatchMatching($id: ID!) {
    stagedBatch(id: $id) { matching { entityType uncompared { key records pairs } } }
  }
`;

const matchingShape = z.object({
  stagedBatch: z.object({
    matching: z.array(
      z.object({
        entityType: z.string(),
        uncompared: z.array(z.object({ key: z.string(), records: z.number(), pairs: z.number() })),
      }),
    ),
  }),
});

/** A line for each type of entity of which not all pairs were compared that have something in common. */
export async function readUncompared(gateway: GatewayClient, id: string): Promise<string[]> {
  const { stagedBatch } = await gateway.query(MATCHING, { id }, matchingShape);
  return stagedBatch.matching
    .filter(({ uncompared }) => uncompared.length > 0)
    .map(({ entityType, uncompared }) => {
      const pairs = uncompared.reduce((sum, part) => sum + part.pairs, 0);
      const keys = uncompared.map(({ key, records }) => `${key} (${records} records)`).join(', ');
      return `Up to ${pairs} pairs of ${entityType.toLowerCase()}s were not compared, since too many share what would bring them together: ${keys}.`;
    });
}
