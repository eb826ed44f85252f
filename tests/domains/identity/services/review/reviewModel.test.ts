import { afterAll, beforeAll, it } from 'vitest';
import { createGraphQLTestbed, type GraphQLTestbed } from '../../support/graphqlTestbed.ts';
import { tryReviews } from './reviewModel.ts';

let testbed: GraphQLTestbed;

beforeAll(async () => {
  testbed = await createGraphQLTestbed();
  await testbed.startWorker();
});
afterAll(() => testbed.close());

it('does to production what the model says, whatever people do in whatever order', async () => {
  await tryReviews(testbed, { seconds: 60, count: 15, maxLength: 14 });
}, 120_000);
