import fc from 'fast-check';
import { expect, it } from 'vitest';
import { rowsHash } from '../../../../../src/domains/identity/services/imports/rowsHash.ts';

const call = (rows: readonly unknown[]) => ({
  ...{ profile: 'contactImport', autoPromote: false, blankErases: false },
  rows,
});

const turned = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(turned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, within]) => [key, turned(within)]),
  );
};

it('is the same in whatever order the keys of objects come', () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue()), (rows) => {
      expect(rowsHash(call(rows.map(turned)))).toBe(rowsHash(call(rows)));
    }),
  );
});

it.each([
  ['another profile', { profile: 'siteImport' }],
  ['promotion at once', { autoPromote: true }],
  ['blanks that erase', { blankErases: true }],
  ['another order of rows', { rows: [{ b: 2 }, { a: 1 }] }],
  ['another value', { rows: [{ a: 1 }, { b: '2' }] }],
  ['a row less', { rows: [{ a: 1 }] }],
])('is another for %s', (_what, other) => {
  const given = call([{ a: 1 }, { b: 2 }]);
  expect(rowsHash({ ...given, ...other })).not.toBe(rowsHash(given));
});
