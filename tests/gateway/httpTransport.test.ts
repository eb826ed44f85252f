import { LegacyLogger } from '@graphql-hive/logger';
import { buildSchema, parse } from 'graphql';
import { expect, it } from 'vitest';
import { createHiveLogger } from '../../src/gateway/hiveLogger.ts';
import { httpTransport } from '../../src/gateway/httpTransport.ts';
import { createTestLogger } from '../platform/testLogger.ts';

it('answers by a promise also where a request can not be written', async () => {
  const log = createHiveLogger(createTestLogger().logger);
  const executor = httpTransport.getSubgraphExecutor({
    ...{ log, logger: LegacyLogger.from(log), subgraphName: 'identity' },
    subgraph: buildSchema('type Query { a(cycle: [Int]): Int }'),
    transportEntry: { kind: 'http', subgraph: 'identity', location: 'http://127.0.0.1:9' },
    getTransportExecutor: () => executor,
  });
  const cycle: unknown[] = [];
  cycle.push(cycle);

  const answer = executor({
    document: parse('query ($cycle: [Int]) { a(cycle: $cycle) }'),
    variables: { cycle },
  });

  expect(answer).toBeInstanceOf(Promise);
  expect(await answer).toMatchObject({
    errors: [{ message: expect.stringContaining('circular structure') }],
  });
});
