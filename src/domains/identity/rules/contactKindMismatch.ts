import type { RecordRule } from './rule.ts';
import { cleanText } from './values/cleanText.ts';
import { fieldLabel } from './values/fieldLabel.ts';
import { legalFormAtEnd } from './values/legalForm.ts';

export const contactKindMismatch: RecordRule<'contact'> = {
  kind: 'record',
  id: 'contact.kind.mismatch',
  version: 2,
  entityType: 'contact',
  severity: 'WARNING',
  description: 'A person’s name does not end in what companies call themselves in law.',
  fields: ['kind', 'givenName', 'familyName'],
  rationale: 'A company kept as a person is addressed wrongly, and not found among companies.',
  example: { kind: 'PERSON', familyName: 'Fernhill Bakeries Ltd' },
  check({ kind, givenName, familyName }, _context, report) {
    if (kind !== 'PERSON') return;
    // A name in two parts, such as "Fernhill" and "Ltd", has its form at the end of the second.
    const names = [
      ['familyName', familyName],
      ['givenName', givenName],
    ] as const;
    for (const [field, name] of names) {
      if (name === null) continue;
      const form = legalFormAtEnd(cleanText(name));
      if (form === null) continue;
      report({
        field,
        message: `The ${fieldLabel(field)} ends in ${form}, as names of companies do: this may be an organisation.`,
        currentValue: name,
        suggestedValue: null,
      });
      return;
    }
  },
};
