import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contactKindMismatch } from '../../../../../src/domains/identity/rules/contactKindMismatch.ts';
import { contactNameCase } from '../../../../../src/domains/identity/rules/contactNameCase.ts';
import { contactNameImplausible } from '../../../../../src/domains/identity/rules/contactNameImplausible.ts';
import { cleanText, isPlain } from '../../../../../src/domains/identity/rules/values/cleanText.ts';
import { companyWordIn } from '../../../../../src/domains/identity/rules/values/companyWords.ts';
import {
  hasEverydayNames,
  isEverydayName,
} from '../../../../../src/domains/identity/rules/values/everydayName.ts';
import { implausibleName } from '../../../../../src/domains/identity/rules/values/implausibleName.ts';
import { legalFormAtEnd } from '../../../../../src/domains/identity/rules/values/legalForm.ts';
import { personNameCase } from '../../../../../src/domains/identity/rules/values/personNameCase.ts';
import { contactWith, findingsOf } from '../ruleTesting.ts';

const RULES = [contactKindMismatch, contactNameImplausible, contactNameCase];

/** Words by which names go wrong, names, and any signs. */
const name = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        'Ada',
        'MEIER',
        'okafor',
        'Ltd',
        'GmbH & Co. KG',
        'Plumbing',
        '& Sons',
        'n/a',
      ),
      fc.constantFrom('xxx', 'www.example.com', 'a@example.com', '+1 212 555 0123', 'III', '-', ''),
      fc.string({ unit: 'binary', maxLength: 3 }),
    ),
    { maxLength: 3 },
  )
  .map((words) => words.join(' '));

/** The long way: whether the functions by which the rules on names judge find something. */
function isFaulty(text: string): boolean {
  const cleaned = cleanText(text);
  return (
    (cleaned !== '' && implausibleName(cleaned, true) !== null) ||
    legalFormAtEnd(cleaned) !== null ||
    companyWordIn(cleaned) !== null ||
    personNameCase(cleaned) !== null
  );
}

describe('isEverydayName', () => {
  it.each([['Ada'], ['Meier'], ["O'Brien"], ['van der Berg'], ['Christopher-James']])(
    'spares the rules %j',
    (text) => {
      expect(isEverydayName(text)).toBe(true);
    },
  );

  it('accepts only plain names in which nothing is found, the second time as well', () => {
    fc.assert(
      fc.property(name, (text) => {
        const answers = [isEverydayName(text), isEverydayName(text)];
        expect(answers).toEqual([answers[0], answers[0]]);
        if (answers[0]) expect([isPlain(text), isFaulty(text)]).toEqual([true, false]);
      }),
      { numRuns: 5_000 },
    );
  });
});

describe('hasEverydayNames', () => {
  it('spares the rules no finding, whatever they were asked before', () => {
    const either = fc.option(name);
    fc.assert(
      fc.property(either, either, (givenName, familyName) => {
        const person = contactWith({ givenName, familyName });
        const findings = RULES.flatMap((rule) => findingsOf(rule, person));
        const isSpared = hasEverydayNames(person);
        const isFaultless = [givenName, familyName].every(
          (text) => text === null || (isPlain(text) && text !== '' && !isFaulty(text)),
        );
        expect(isSpared).toBe(isFaultless);
        if (isSpared) expect(findings).toEqual([]);
      }),
      { numRuns: 5_000 },
    );
  });
});
