import type { ContactFields } from '../entities.ts';
import { isPlain } from './cleanText.ts';
import { companyWordIn } from './companyWords.ts';
import { implausibleName } from './implausibleName.ts';
import { legalFormAtEnd } from './legalForm.ts';
import { personNameCase } from './personNameCase.ts';
import { remembered } from './remembered.ts';

/** The last answer: the rules on names ask for the same person in turn. */
let last: ContactFields | null = null;
let lastAnswer = false;

/**
 * Whether the rules on a person's names certainly find nothing in the given and the family name. Most
 * people share theirs with others. False says nothing.
 */
export function hasEverydayNames(person: ContactFields): boolean {
  if (last !== person) {
    const { givenName, familyName } = person;
    lastAnswer =
      (givenName === null || isEverydayName(givenName)) &&
      (familyName === null || isEverydayName(familyName));
    last = person;
  }
  return lastAnswer;
}

/** Whether a text is plain, and none of the rules on names of people has anything to say of it. */
export const isEverydayName = remembered(
  (name) =>
    isPlain(name) &&
    implausibleName(name, true) === null &&
    legalFormAtEnd(name) === null &&
    companyWordIn(name) === null &&
    personNameCase(name) === null,
);
