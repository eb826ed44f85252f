import type { EntityType } from './entities.ts';
import type { RecordRule } from './rule.ts';
import { cleanText } from './values/cleanText.ts';
import { fieldLabel } from './values/fieldLabel.ts';
import { TEXT_FIELDS } from './values/textFields.ts';

export const contactTextWhitespace = textWhitespace('contact');
export const siteTextWhitespace = textWhitespace('site');
export const deviceTextWhitespace = textWhitespace('device');

function textWhitespace<T extends EntityType>(entityType: T): RecordRule<T> {
  const fields = TEXT_FIELDS[entityType];
  return {
    kind: 'record',
    id: `${entityType}.text.whitespace`,
    version: 1,
    entityType,
    severity: 'INFO',
    description: `A ${entityType}’s texts have no stray white space and no control characters.`,
    check(entity, _context, report) {
      for (const field of fields) {
        const value = entity[field];
        if (typeof value !== 'string') continue;
        const cleaned = cleanText(value);
        if (cleaned === value) continue;
        report({
          field: String(field),
          message: `The ${fieldLabel(String(field))} ${describeStray(value, cleaned)}.`,
          currentValue: value,
          suggestedValue: cleaned,
        });
      }
    },
  };
}

/** Names what is to be cleaned up: most of it can't be seen. */
function describeStray(value: string, cleaned: string): string {
  if (cleaned === '') return 'is white space only';
  const problems = [
    /[\u200B\u2060\uFEFF\u00AD]/.test(value) && 'invisible characters',
    /[\r\n\u0085\u2028\u2029]/.test(value) && 'line breaks',
    /\t/.test(value) && 'tabs',
    /(?![\t\r\n\u0085])\p{Cc}/u.test(value) && 'control characters',
    /(?![\t\r\n\u2028\u2029\uFEFF])[^\S ]/.test(value) && 'unusual spaces',
    /^\s|\s$/.test(value) && 'spaces at the start or end',
    / {2}/.test(value) && 'double spaces',
  ].filter((problem) => problem !== false);
  return `has ${problems.join(', ')}`;
}
