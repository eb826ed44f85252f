import { afterAll, beforeAll, it } from 'vitest';
import { createGraphQLTestbed, type GraphQLTestbed } from '../../support/graphqlTestbed.ts';
import { tryReviews } from './reviewModel.ts';

let testbed: GraphQLTestbed;

beforeAll(async () => {
  testbed = await createGraphQLTestbed();
  await testbed.startWorker();
});
afterAll(() => testbed.close());

it('does to production what the model says, also in long reviews', async () => {
  await tryReviews(testbed, { seconds: 20, count: 10_000, maxLength: 40 });
}, 900_000);
