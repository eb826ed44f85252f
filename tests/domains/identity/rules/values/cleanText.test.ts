import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanText, isBlank } from '../../../../../src/domains/identity/rules/values/cleanText.ts';

/** Arbitrary text, thick with what cleanText is about. */
const text = fc.string({
  unit: fc.oneof(
    fc.constantFrom(...' \t\r\n\u0000\u0085\u00A0\u00AD\u200B\u200C\u200D\u2028\u2060\u3000\uFEFF'),
    fc.constantFrom(...'aé山'),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  ),
});

/** The long way: what cleanText promises, without its short cuts. */
function cleanedTheLongWay(dirty: string): string {
  return dirty
    .replace(/[\u200B\u2060\uFEFF\u00AD]/g, '')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
}

describe('cleanText', () => {
  it('cleans every text alike, whichever short cut it takes', () => {
    const spaced = fc.string({
      unit: fc.constantFrom(...'ab \t\n\u00A0\uFEFF\u200B'),
      maxLength: 8,
    });
    fc.assert(
      fc.property(fc.oneof(text, spaced), (dirty) => {
        expect(cleanText(dirty)).toBe(cleanedTheLongWay(dirty));
      }),
      { numRuns: 10_000 },
    );
  });

  it('leaves a cleaned text as it is', () => {
    fc.assert(
      fc.property(text, (dirty) => {
        const cleaned = cleanText(dirty);
        expect(cleanText(cleaned)).toBe(cleaned);
      }),
      { numRuns: 2_000 },
    );
  });

  it('leaves no white space but single plain spaces between words', () => {
    fc.assert(
      fc.property(text, (dirty) => {
        expect(cleanText(dirty)).not.toMatch(
          /[^\S ]|\p{Cc}|^ | $| {2}|[\u200B\u2060\uFEFF\u00AD]/u,
        );
      }),
      { numRuns: 2_000 },
    );
  });

  it('keeps everything that can be read, in order', () => {
    const readable = (value: string) => value.replace(/[\s\p{Cc}\u200B\u2060\u00AD]/gu, '');
    fc.assert(
      fc.property(text, (dirty) => {
        expect(readable(cleanText(dirty))).toBe(readable(dirty));
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('isBlank', () => {
  it('takes null, nothing, white space and invisible characters for blank', () => {
    expect([null, '', ' ', '\u00A0\n', '\u200B'].map(isBlank)).not.toContain(false);
    expect(['0', '-', ' a '].map(isBlank)).not.toContain(true);
  });
});
