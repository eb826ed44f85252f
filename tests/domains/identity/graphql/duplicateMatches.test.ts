import { afterAll, beforeAll, expect, it } from 'vitest';
import { ada, adaAgain } from '../services/duplicates/people.ts';
import { createGraphQLTestbed, type GraphQLTestbed } from '../support/graphqlTestbed.ts';

let testbed: GraphQLTestbed;
let batchId: string;
beforeAll(async () => {
  testbed = await createGraphQLTestbed();
  await testbed.startWorker();
  const createdBy = await testbed.userId('editor');
  const workspaceId = await testbed.createWorkspace({ createdBy, defaultCountry: 'US' });
  await testbed.createEntity(workspaceId, 'contact', ada);
  await testbed.createEntity(workspaceId, 'contact', adaAgain);
  const { data } = await testbed.ask(
    'editor',
    'mutation ($id: ID!) { triggerDataAudit(input: { workspaceId: $id }) { batchId } }',
    { id: workspaceId },
  );
  batchId = data.triggerDataAudit.batchId;
  await testbed.untilResting(batchId);
});
afterAll(() => testbed.close());

it('shows the numbers of a waterfall chart for each duplicate, in lists of findings and of records', async () => {
  const matches =
    'relatedEntityIds matches { entityId probability weight prior contributions { field level weight } }';
  const { data, errors } = await testbed.ask(
    'editor',
    `query ($id: ID!) { stagedBatch(id: $id) {
       findings(filter: { ruleId: "contact.duplicate" }) { edges { node { ${matches} } } }
       records(filter: { ruleId: "contact.duplicate" }) {
         edges { node { findings { ruleId ${matches} } } }
       } } }`,
    { id: batchId },
  );

  expect(errors).toBeUndefined();
  const [finding] = data.stagedBatch.findings.edges.map((edge: { node: object }) => edge.node);
  const [match] = finding.matches;
  expect(finding.relatedEntityIds).toEqual([match.entityId]);
  const sum = match.contributions.reduce(
    (total: number, { weight }: { weight: number }) => total + weight,
    match.prior,
  );
  expect(sum).toBeCloseTo(match.weight, 3);
  expect(match.probability).toBeGreaterThan(0.9);
  expect(data.stagedBatch.records.edges[0].node.findings).toContainEqual({
    ruleId: 'contact.duplicate',
    ...finding,
  });
});

it('says what was compared, and by which weights', async () => {
  const { data, errors } = await testbed.ask(
    'editor',
    `query ($id: ID!) { stagedBatch(id: $id) { matching {
       entityType comparedPairs matchedPairs clusters threshold seconds
       populations { population records sameShare estimatedFields priorFields }
       uncompared { population key blocks records pairs }
     } } }`,
    { id: batchId },
  );

  expect(errors).toBeUndefined();
  expect(data.stagedBatch.matching).toMatchObject([
    {
      ...{ entityType: 'CONTACT', comparedPairs: 1, matchedPairs: 1, clusters: 1 },
      populations: [{ population: 'PERSON', records: 2, estimatedFields: [] }],
      uncompared: [],
    },
    { entityType: 'SITE', comparedPairs: 0, populations: [] },
  ]);
});
