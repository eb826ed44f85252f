import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isKeyboardSlip } from '../../../../../src/domains/identity/rules/values/keyboardSlip.ts';

it.each([
  ['a letter left out', 'outlok', 'outlook'],
  ['the last letter left out', 'gmai', 'gmail'],
  ['two letters swapped', 'gmial', 'gmail'],
  ['a letter doubled', 'gmaill', 'gmail'],
  ['a neighbouring key in place of the right one', 'gnail', 'gmail'],
  ['a neighbouring key beside the right one', 'gmasil', 'gmail'],
])('takes %s for a slip', (_, written, meant) => {
  expect(isKeyboardSlip(written, meant)).toBe(true);
});

it.each([
  ['no difference', 'gmail', 'gmail'],
  ['another first letter', 'hmail', 'gmail'],
  ['the first letter left out', 'mail', 'gmail'],
  ['a key far away', 'gpail', 'gmail'],
  ['a key far away beside the right one', 'gmaiql', 'gmail'],
  ['two slips', 'gmial.con', 'gmail.com'],
  ['nothing', '', 'gmail'],
])('takes %s for none', (_, written, meant) => {
  expect(isKeyboardSlip(written, meant)).toBe(false);
});

it('is never further away than one edit or one swap', () => {
  const word = fc.string({ unit: fc.constantFrom(...'abcdesw'), maxLength: 6 });
  fc.assert(
    fc.property(word, word, (written, meant) => {
      if (!isKeyboardSlip(written, meant)) return;
      expect(Math.abs(written.length - meant.length)).toBeLessThanOrEqual(1);
      expect(written).not.toBe(meant);
      const letters = (text: string) => [...text].sort().join('');
      if (written.length === meant.length && letters(written) !== letters(meant)) {
        const differing = [...written].filter((letter, index) => letter !== meant[index]);
        expect(differing).toHaveLength(1);
      }
    }),
    { numRuns: 5_000 },
  );
});
