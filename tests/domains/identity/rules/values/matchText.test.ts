import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchText } from '../../../../../src/domains/identity/rules/values/matchText.ts';

/** The long way: what matchText promises, without its short cuts. */
function foldedTheLongWay(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[\u0300-\u036F]/g, '')
    .toUpperCase()
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim();
}

describe('matchText', () => {
  it.each([
    [null, ''],
    ['', ''],
    [' - ', ''],
    ['Ogden Ave', 'ogden ave'],
    ['1200 N. State', '1200 n state'],
    ['Weißenborn', 'weissenborn'],
    ['Łukášová', 'łukasova'],
    ['ＡＢ ①', 'ab 1'],
  ])('makes of %j %j', (text, folded) => {
    expect(matchText(text)).toBe(folded);
  });

  it('folds every text alike, whichever short cut it takes', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary-ascii' }),
      fc.string({ unit: fc.constantFrom(...'aZ09 -.\u212A\u0131\u0130ßé\u0301'), maxLength: 12 }),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(text, (value) => {
        expect(matchText(value)).toBe(foldedTheLongWay(value));
      }),
      { numRuns: 10_000 },
    );
  });
});
