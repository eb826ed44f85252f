import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  acceptanceOf,
  readAcceptance,
} from '../../../../../src/domains/identity/services/configuration/acceptanceRates.ts';
import { createGraphQLTestbed, type GraphQLTestbed } from '../../support/graphqlTestbed.ts';

let testbed: GraphQLTestbed;

beforeAll(async () => {
  testbed = await createGraphQLTestbed();
  await testbed.startWorker();
});
afterAll(() => testbed.close());

const RULE = 'contact.duplicate';

it.each([
  [{ accepted: 5, rejected: 4, waived: 0 }, null, false],
  [{ accepted: 0, rejected: 9, waived: 0 }, null, false],
  [{ accepted: 3, rejected: 5, waived: 2 }, 0.3, false],
  [{ accepted: 2, rejected: 5, waived: 3 }, 0.2, true],
  [{ accepted: 0, rejected: 0, waived: 0 }, null, false],
])('has a rate from ten decisions on, and a hint where it is low: %#', (counts, rate, hasHint) => {
  const acceptance = acceptanceOf(RULE, counts);
  expect(acceptance.rate).toBe(rate);
  expect(acceptance.hint !== null).toBe(hasHint);
});

it('says what could be done', () => {
  expect(acceptanceOf(RULE, { accepted: 6, rejected: 20, waived: 4 }).hint).toBe(
    'People rejected or waived 24 of 30: change its threshold or switch it off; a back-test shows what that changes.',
  );
  expect(acceptanceOf('contact.required', { accepted: 0, rejected: 10, waived: 0 }).hint).toContain(
    'lower its severity or switch it off',
  );
});

it('counts what people have decided, and no waiver twice', async () => {
  const reviewer = await testbed.userId('reviewer');
  const workspaceId = await testbed.createWorkspace({ createdBy: reviewer });
  for (const familyName of [' Ada', ' Ben', ' Chi', ' Dan']) {
    await testbed.createEntity(workspaceId, 'contact', { familyName });
  }
  const audit = async () => {
    const { runtime } = testbed;
    const { batch } = await runtime.auditRunner.triggerDataAudit({
      workspaceId,
      createdBy: reviewer,
    });
    await testbed.untilResting(batch.id);
    return batch.id;
  };
  const decide = async (name: string, batchId: string, rowIndex: number, more = {}) => {
    const findings = [{ rowIndex, ordinal: 0 }];
    const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input`;
    const { errors } = await testbed.ask(
      'reviewer',
      `mutation ($input: ${type}!) { ${name}(input: $input) { decidedCount } }`,
      { input: { batchId, findings, ...more } },
    );
    expect(errors).toBeUndefined();
  };
  const batchId = await audit();
  await decide('acceptFindings', batchId, 0);
  await decide('rejectFindings', batchId, 1);
  await decide('waiveFindings', batchId, 2, { reason: 'As they write it.' });
  const expected = { accepted: 1, rejected: 1, waived: 1, rate: null, hint: null };
  const rates = () => readAcceptance(testbed.runtime.pool, workspaceId);
  expect(await rates()).toEqual(new Map([['contact.text.whitespace', expected]]));
  // Decided on three times, and now what it was.
  await decide('reopenFindings', batchId, 0);
  const reopened = { ...expected, accepted: 0 };
  expect(await rates()).toEqual(new Map([['contact.text.whitespace', reopened]]));
  await decide('acceptFindings', batchId, 0);
  expect(await rates()).toEqual(new Map([['contact.text.whitespace', expected]]));

  await decide('rejectFindings', await audit(), 3);

  expect(await rates()).toEqual(
    new Map([['contact.text.whitespace', { ...expected, rejected: 2 }]]),
  );
});
