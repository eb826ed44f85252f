import type { ContactFields } from './entities.ts';
import type { FindingDraft, RecordRule } from './rule.ts';
import { cleanText } from './values/cleanText.ts';
import { hasEverydayNames } from './values/everydayName.ts';
import { fieldLabel } from './values/fieldLabel.ts';
import { implausibleName } from './values/implausibleName.ts';
import { legalFormAtEnd } from './values/legalForm.ts';
import { letterCase } from './values/letterCase.ts';
import { likelyOrganisationName, organisationNameCase } from './values/organisationNameCase.ts';
import { likelyPersonName, personNameCase } from './values/personNameCase.ts';

export const contactNameCase: RecordRule<'contact'> = {
  kind: 'record',
  id: 'contact.name.case',
  version: 2,
  entityType: 'contact',
  severity: 'INFO',
  description:
    'A name is not written in capitals or small letters throughout, unless it may be initials, an acronym or a brand.',
  fields: ['kind', 'givenName', 'familyName', 'organisationName', 'country'],
  rationale: 'Letters and lists are addressed to people and companies as their names stand.',
  example: { givenName: 'ADA', familyName: 'Marlow' },
  check(contact, _context, report) {
    if (contact.kind === 'ORGANISATION') {
      judge(contact, 'organisationName', ORGANISATION, report);
    } else if (!hasEverydayNames(contact)) {
      judge(contact, 'givenName', PERSON, report);
      judge(contact, 'familyName', PERSON, report);
    }
  },
};

interface NameKind {
  readonly caseOf: (name: string) => 'CAPITALS' | 'LOWER' | null;
  readonly likelyName: (name: string, country: string | null) => string | null;
  /** Whether another rule finds the text to be none of these names. */
  readonly isNone: (name: string) => boolean;
}

const PERSON: NameKind = {
  caseOf: personNameCase,
  likelyName: likelyPersonName,
  isNone: (name) => implausibleName(name, true) !== null || legalFormAtEnd(name) !== null,
};

const ORGANISATION: NameKind = {
  caseOf: organisationNameCase,
  likelyName: likelyOrganisationName,
  isNone: (name) => implausibleName(name, false) !== null,
};

function judge(
  contact: ContactFields,
  field: 'givenName' | 'familyName' | 'organisationName',
  { caseOf, likelyName, isNone }: NameKind,
  report: (finding: FindingDraft) => void,
): void {
  const value = contact[field];
  if (value === null || letterCase(value) === 'MIXED') return;
  const name = cleanText(value);
  const written = caseOf(name);
  if (written === null || isNone(name)) return;
  report({
    field,
    message: `The ${fieldLabel(field)} is written in ${written === 'CAPITALS' ? 'capitals' : 'small letters'} throughout.`,
    currentValue: value,
    suggestedValue: likelyName(name, contact.country),
    certainty: 'LIKELY',
  });
}
