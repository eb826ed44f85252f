import { type AnyRule, duplicateRules, recordRules } from './catalogue.ts';
import { ENTITY_TYPES } from './entities.ts';

const INTRODUCTION = `# Rules

What a data audit, and the check of an import, look for. This page is generated from the catalogue by \`npm run docs:rules\`.

- **ERROR**: wrong or missing; the record is not fit for use as it is, and is not promoted without a review.
- **WARNING**: most likely wrong.
- **INFO**: right, but not in the form it should have.

A value is suggested only where one correct value is certain. Rules judge a value without stray white space, which is a finding of its own, so that one defect gives one finding. Phones and postal codes are read by the entity's country, and by the workspace's default country where it has none.`;

/** The catalogue as a page of Markdown: `docs/rules.md`. */
export function ruleDocs(): string {
  const sections = ENTITY_TYPES.map((entityType) => {
    const compared = duplicateRules.filter((rule) => rule.entityType === entityType);
    const rows = [...recordRules[entityType], ...compared].map(toRow);
    const title = `## ${entityType[0]?.toUpperCase()}${entityType.slice(1)}s`;
    return `${title}\n\n| Rule | Severity | Demands |\n|---|---|---|\n${rows.join('\n')}`;
  });
  return `${[INTRODUCTION, ...sections].join('\n\n')}\n`;
}

function toRow({ id, severity, description }: AnyRule): string {
  return `| \`${id}\` | ${severity} | ${description} |`;
}
