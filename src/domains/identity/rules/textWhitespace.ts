import type { EntityType } from './entities.ts';
import type { RecordRule } from './rule.ts';
import { cleanText } from './values/cleanText.ts';
import { fieldLabel } from './values/fieldLabel.ts';
import { hasPlainTexts } from './values/plainTexts.ts';
import { isPrintableAscii } from './values/printableAscii.ts';
import { TEXT_FIELDS } from './values/textFields.ts';

export const contactTextWhitespace = textWhitespace('contact', { locality: ' Chicago' });
export const siteTextWhitespace = textWhitespace('site', { name: 'Harbor  Clinic' });
export const deviceTextWhitespace = textWhitespace('device', { model: 'G2 ' });

function textWhitespace<T extends EntityType>(
  entityType: T,
  example: RecordRule<T>['example'],
): RecordRule<T> {
  const fields = TEXT_FIELDS[entityType];
  return {
    kind: 'record',
    id: `${entityType}.text.whitespace`,
    version: 1,
    entityType,
    severity: 'INFO',
    description: `A ${entityType}’s texts have no stray white space and no control characters.`,
    fields: fields.map(({ name }) => name),
    rationale: 'Two values that look the same do not match, and lists are sorted wrongly.',
    example,
    check(entity, _context, report) {
      if (hasPlainTexts(entityType, entity)) return;
      for (const { name, read } of fields) {
        const value = read(entity);
        if (value === null) continue;
        const cleaned = cleanText(value);
        if (cleaned === value) continue;
        report({
          field: name,
          message: `The ${fieldLabel(name)} ${describeStray(value, cleaned)}.`,
          currentValue: value,
          suggestedValue: cleaned,
        });
      }
    },
  };
}

/** What can be stray in a text, most of which can't be seen. */
const STRAY_KINDS: readonly (readonly [RegExp, string])[] = [
  [/[\u200B\u2060\uFEFF\u00AD]/, 'invisible characters'],
  [/[\r\n\u0085\u2028\u2029]/, 'line breaks'],
  [/\t/, 'tabs'],
  [/(?![\t\r\n\u0085])\p{Cc}/u, 'control characters'],
  [/(?![\p{Cc}\u2028\u2029\uFEFF])[^\S ]/u, 'unusual spaces'],
  [/^(?!\uFEFF)\s|(?!\uFEFF)\s$/, 'spaces at the start or end'],
  [/ {2}/, 'double spaces'],
];

/** Those that printable ASCII can have. */
const STRAY_SPACES = STRAY_KINDS.slice(-2);

function describeStray(value: string, cleaned: string): string {
  if (cleaned === '') return 'is white space only';
  const kinds = isPrintableAscii(value) ? STRAY_SPACES : STRAY_KINDS;
  const present = kinds.filter(([pattern]) => pattern.test(value)).map(([, kind]) => kind);
  return `has ${present.join(', ')}`;
}
