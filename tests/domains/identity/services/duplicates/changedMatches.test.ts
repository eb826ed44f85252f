import { expect, it } from 'vitest';
import { createSeededRandom } from '../../../../../src/domains/identity/demo/seededRandom.ts';
import {
  findChangedMatches,
  type MatchedEntities,
} from '../../../../../src/domains/identity/services/duplicates/changedMatches.ts';
import { inTransaction } from '../../../../../src/platform/postgres/pool.ts';
import { setFields } from '../../support/changes.ts';
import { useMatchingBed } from './matchingBed.ts';
import { ada, adaAgain } from './people.ts';

const bed = useMatchingBed(1_000);

function find(changedIds: Iterable<string>): Promise<readonly MatchedEntities[] | null> {
  return inTransaction(bed.testbed.runtime.pool, (client) =>
    findChangedMatches(client, {
      ...{ workspaceId: bed.workspaceId, entityType: 'contact', threshold: 0.5 },
      changedIds: new Set(changedIds),
    }),
  );
}

it('finds of new and changed entities what comparing all by the same model finds of them', async () => {
  const random = createSeededRandom(7);
  const create = (fields: object) => bed.testbed.createEntity(bed.workspaceId, 'contact', fields);
  const ids: string[] = [];
  for (let index = 0; index < 60; index += 1) {
    const person = {
      ...ada,
      ...{ givenName: random.pick(['Ada', 'Ben', 'Chiara']), email: `p${index}@example.com` },
      ...{ familyName: random.pick(['Meier', 'Rossi']), phone: random.fill('+1312555####') },
      ...{ birthDate: random.fill('19#0-01-1#'), streetNumber: random.fill('#') },
    };
    ids.push(await create(person));
    if (random.chance(0.3)) ids.push(await create({ ...person, phone: null, email: null }));
  }
  await bed.audit();
  const changed = [await create(adaAgain), await create(ada), ...ids.slice(0, 20)];
  for (const id of ids.slice(0, 20)) {
    await setFields(bed.testbed.runtime.pool, 'contact', id, { addressLine2: 'Apt 4' });
  }

  const found = await find(changed);
  const all = await find([...ids, ...changed]);

  const ofChanged = all?.filter(
    ({ firstId, secondId }) => changed.includes(firstId) || changed.includes(secondId),
  );
  const inOrder = (pairs: readonly MatchedEntities[] = []) =>
    pairs.map((pair) => JSON.stringify(pair)).sort();
  expect(found?.length).toBeGreaterThan(1);
  expect(all?.length).toBeGreaterThan(found?.length ?? 0);
  expect(inOrder(found ?? [])).toEqual(inOrder(ofChanged));
});

it('has nothing to go by before the first audit', async () => {
  await bed.testbed.createEntity(bed.workspaceId, 'contact', ada);

  expect(await find([])).toBeNull();
});
