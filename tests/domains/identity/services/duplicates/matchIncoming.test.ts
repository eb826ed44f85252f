import { describe, expect, it } from 'vitest';
import {
  type IncomingMatches,
  type IncomingRow,
  matchIncoming,
} from '../../../../../src/domains/identity/services/duplicates/matchIncoming.ts';
import type { MatchedType } from '../../../../../src/domains/identity/services/matching/recordStore.ts';
import { inTransaction } from '../../../../../src/platform/postgres/pool.ts';
import { febrlLikePeople } from '../matching/febrlLikePeople.ts';
import { useMatchingBed } from './matchingBed.ts';
import { ada, adaAgain } from './people.ts';

const bed = useMatchingBed(1_000);

const create = (fields: object) => bed.testbed.createEntity(bed.workspaceId, 'contact', fields);

function match(
  rows: Iterable<IncomingRow>,
  entityType: MatchedType = 'contact',
): Promise<readonly IncomingMatches[]> {
  const { workspaceId } = bed;
  return inTransaction(bed.testbed.runtime.pool, (client) =>
    Array.fromAsync(matchIncoming(client, { workspaceId, entityType, rows })),
  );
}

describe('an incoming row', () => {
  it('is matched with the entity that it probably is, and says why', async () => {
    const id = await create(ada);
    await create({ ...ada, givenName: 'Bertil', birthDate: '1993-07-30', email: null });
    await create({ ...ada, state: 'ARCHIVED' });

    const found = await match([
      { rowIndex: 4, fields: { familyName: 'Nobody', givenName: 'Else' } },
      { rowIndex: 7, fields: adaAgain },
    ]);

    expect(found).toMatchObject([{ rowIndex: 7, matches: [{ entityId: id }] }]);
    const [match_] = found[0]?.matches ?? [];
    expect(match_?.probability).toBeGreaterThan(0.9);
    const bits = match_?.contributions.reduce((sum, { weight }) => sum + weight, match_.prior);
    expect(bits).toBeCloseTo(match_?.weight ?? 0, 3);
  });

  it('is not matched with other rows', async () => {
    await create({ ...ada, familyName: 'Lindqvist', givenName: 'Signe', birthDate: '1980-01-02' });

    expect(
      await match([
        { rowIndex: 0, fields: { ...ada, locality: 'Boston', postalCode: '02108' } },
        { rowIndex: 1, fields: { ...ada, locality: 'Boston', postalCode: '02108' } },
      ]),
    ).toEqual([]);
  });

  it('may come where there are no entities yet', async () => {
    expect(await match([{ rowIndex: 0, fields: ada }])).toEqual([]);
    expect(await match([{ rowIndex: 0, fields: { name: 'Depot' } }], 'site')).toEqual([]);
  });

  it('is compared by what the last audit has learnt', async () => {
    const people = febrlLikePeople({
      ...{ seed: 3, originals: 300, duplicates: 60, mostPerOriginal: 2, mostChanges: 1 },
    });
    const plain = people.map(({ fields }) => ({ ...fields, birthDate: null, country: 'AU' }));
    for (const fields of plain.slice(0, 300)) await create(fields);
    const rows = plain.slice(300).map((fields, rowIndex) => ({ rowIndex, fields }));
    const byPriors = await match(rows);
    await bed.audit();
    const learnt = await match(rows);

    const weights = (found: readonly IncomingMatches[]) =>
      found.map(({ matches }) => matches.map(({ weight }) => weight));
    expect(byPriors.length).toBeGreaterThan(40);
    expect(learnt.length).toBeGreaterThan(40);
    expect(weights(learnt)).not.toEqual(weights(byPriors));
  });
});
