import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createMatcher } from '../../../../../src/domains/identity/services/matching/matcher.ts';
import { RecordStore } from '../../../../../src/domains/identity/services/matching/recordStore.ts';
import { febrlLikePeople } from './febrlLikePeople.ts';

it('finds the matches of changed records that a full run finds', () => {
  const store = new RecordStore('contact');
  const people = { seed: 41, originals: 300, duplicates: 200, mostPerOriginal: 4, mostChanges: 4 };
  for (const { fields } of febrlLikePeople(people)) store.add(fields);
  const full = createMatcher(store);
  const all = full.findMatches().pairs;
  const again = createMatcher(store, full.model);

  fc.assert(
    fc.property(fc.uniqueArray(fc.nat({ max: store.size - 1 }), { maxLength: 60 }), (rows) => {
      const changed = new Uint8Array(store.size);
      for (const row of rows) changed[row] = 1;
      const { pairs } = again.findMatches({ changed });
      const touches = (at: number) =>
        changed[all.first[at] ?? 0] === 1 || changed[all.second[at] ?? 0] === 1;
      const expected = [...all.first.keys()].filter(touches);
      expect([...pairs.first]).toEqual(expected.map((at) => all.first[at]));
      expect([...pairs.second]).toEqual(expected.map((at) => all.second[at]));
      expect([...pairs.weight]).toEqual(expected.map((at) => all.weight[at]));
    }),
    { numRuns: 40 },
  );
});
