import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  escapeFormula,
  unescapeFormula,
} from '../../../../../src/domains/identity/services/exports/formulas.ts';

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom("'", '=', '+', '-', '@', '\t', '\r', '\n', '＝', 'a', ' ') }),
);

describe('a text that is escaped', () => {
  it('is no formula, and comes back as it was', () => {
    fc.assert(
      fc.property(text, (original) => {
        const escaped = escapeFormula(original);
        expect(escaped).not.toMatch(/^[=+\-@\t\r\n＝＋－＠]/);
        expect(unescapeFormula(escaped)).toBe(original);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['=1+1', "'=1+1"],
    ['+13125550142', "'+13125550142"],
    ["'=1+1", "''=1+1"],
    ["O'Hara", "O'Hara"],
    ["'s-Hertogenbosch", "'s-Hertogenbosch"],
    ['a=b', 'a=b'],
    ['', ''],
  ])('%j becomes %j', (original, escaped) => {
    expect(escapeFormula(original)).toBe(escaped);
  });
});
