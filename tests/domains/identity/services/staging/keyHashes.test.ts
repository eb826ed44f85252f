import fc from 'fast-check';
import { expect, it } from 'vitest';
import { KeyHashes } from '../../../../../src/domains/identity/services/staging/keyHashes.ts';

function candidatesOf(keysOfRows: readonly (readonly string[])[]): readonly number[] {
  const hashes = new KeyHashes();
  for (const [row, keys] of keysOfRows.entries()) for (const key of keys) hashes.add(row, key);
  return hashes.candidates();
}

it('misses no row that shares a key with another, and names each once', () => {
  const key = fc.string({ maxLength: 3 });
  const rows = fc.array(fc.uniqueArray(key, { maxLength: 3 }), { maxLength: 100 });
  fc.assert(
    fc.property(rows, (keysOfRows) => {
      const sharing = keysOfRows.flatMap((keys, row) => {
        const others = keysOfRows.filter((_keys, other) => other !== row).flat();
        return keys.some((own) => others.includes(own)) ? [row] : [];
      });
      const candidates = candidatesOf(keysOfRows);
      expect(candidates).toEqual(expect.arrayContaining(sharing));
      expect(new Set(candidates).size).toBe(candidates.length);
    }),
  );
});

it('names few rows whose keys are all their own', () => {
  const keysOfRows = Array.from({ length: 100_000 }, (_, row) => [
    `email:person${row}@example.com`,
    `phone:+1312555${row}`,
  ]);
  expect(candidatesOf(keysOfRows).length).toBeLessThan(100);
});
