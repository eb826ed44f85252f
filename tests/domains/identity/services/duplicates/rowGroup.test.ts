import { describe, expect, it } from 'vitest';
import { ExactMatches } from '../../../../../src/domains/identity/services/duplicates/exactMatches.ts';
import {
  othersOf,
  RowGroup,
} from '../../../../../src/domains/identity/services/duplicates/rowGroup.ts';
import { UuidList } from '../../../../../src/domains/identity/services/duplicates/uuidList.ts';

const groups = (...rows: number[][]): RowGroup[] => rows.map((group) => new RowGroup(group));
const nobody = new Set<number>();

describe('the others in the groups of a row', () => {
  it.each([
    ['no group', [], nobody, []],
    ['one group', [[1, 2, 3]], nobody, [2, 3]],
    [
      'groups that overlap',
      [
        [1, 2],
        [1, 3, 4],
        [1, 2, 4],
      ],
      nobody,
      [2, 3, 4],
    ],
    ['somebody who is known to be another', [[1, 2, 3]], new Set([2, 9]), [3]],
    [
      'nobody but such',
      [
        [1, 2],
        [1, 3],
      ],
      new Set([2, 3]),
      [],
    ],
  ])('are named once, with %s', (_, rows, apart, others) => {
    expect(othersOf(1, groups(...rows), apart, 100)).toEqual({
      count: others.length,
      rows: others,
    });
  });

  it('are all counted, and named up to a limit', () => {
    const many = Array.from({ length: 1_000 }, (_, row) => row);
    const { count, rows } = othersOf(1, groups(many, [1, 2_000]), nobody, 100);
    expect(count).toBe(1_000);
    expect(rows).toHaveLength(100);
    expect(rows.at(-1)).toBe(2_000);
  });
});

describe('exact matches', () => {
  const key = (name: string) => ({ field: 'email', key: name, label: 'e-mail address' });

  it('are those that share a key, in the order of their keys', () => {
    const exact = new ExactMatches();
    exact.add(1, [key('a'), key('b')]);
    exact.add(2, [key('b')]);
    exact.add(3, [key('c'), key('a')]);
    exact.add(4, [key('d')]);

    expect(exact.of(1).map(({ group }) => group.rows)).toEqual([
      [1, 3],
      [1, 2],
    ]);
    expect(exact.of(4)).toEqual([]);
    expect(exact.rows()).toEqual([1, 2, 3]);
    expect(exact.groups().map(({ rows }) => rows)).toEqual([
      [1, 3],
      [1, 2],
    ]);
  });
});

it('a list of ids returns them as they were', () => {
  const ids = new UuidList();
  const id = (index: number) => `019ab000-0000-7000-8000-${String(index).padStart(12, '0')}`;
  for (let index = 0; index < 3_000; index += 1) ids.push(id(index));

  expect(ids.at(0)).toBe(id(0));
  expect(ids.at(2_999)).toBe(id(2_999));
  expect(() => ids.at(3_000)).toThrow(RangeError);
});
