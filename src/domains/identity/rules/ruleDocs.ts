import { type AnyRule, allRules } from './catalogue.ts';
import type { EngineRule } from './engineRuleFailed.ts';
import { engineRules } from './engineRules.ts';
import { ENTITY_TYPES } from './entities.ts';
import { ruleExample } from './ruleExample.ts';

const INTRODUCTION = `# Rules

What a data audit, and the check of an import, look for. This page is generated from the catalogue by \`npm run docs:rules\`; \`cli rules\` and the query \`auditRules\` offer the same. A workspace may switch rules off, give them another severity and set their parameters: \`cli config\`.

- **ERROR**: wrong or missing; the record is not fit for use as it is, and is not promoted without a review.
- **WARNING**: most likely wrong.
- **INFO**: right, but not in the form it should have, or worth a look.

A suggested value is *certain* or *likely*. Likely ones are not accepted in bulk unless you say so. Rules judge a value without stray white space, which is a finding of its own, so that one defect gives one finding. Phones and postal codes are read by the entity's country, and by the workspace's default country where it has none.`;

/** The catalogue as a page of Markdown: `docs/rules.md`. */
export function ruleDocs(): string {
  const sections = ENTITY_TYPES.map((entityType) => {
    const rules = allRules.filter((rule) => rule.entityType === entityType);
    const title = `## ${entityType[0]?.toUpperCase()}${entityType.slice(1)}s`;
    return [title, ...rules.map(describeRule)].join('\n\n');
  });
  return `${[INTRODUCTION, ...sections, engineSection()].join('\n\n')}\n`;
}

function engineSection(): string {
  const title = `## The engine

What audits and imports report of themselves; \`*.unresolved\` and \`*.awaited\` are of imports only.`;
  return [title, ...engineRules.map(describeEngineRule)].join('\n\n');
}

function describeEngineRule(rule: EngineRule): string {
  const { id, severity, version, description, rationale, example } = rule;
  return `### \`${id}\`

**${severity}**, version ${version}, always on. ${description} ${rationale}

*Example:* ${example}`;
}

function describeRule(rule: AnyRule): string {
  const { id, severity, version, fields, description, rationale, parameters = [] } = rule;
  const lines = [
    `**${severity}**, version ${version}, of ${fields.map((field) => `\`${field}\``).join(', ')}. ${asSentence(description)} ${rationale}`,
    `*Example:* ${ruleExample(rule)}`,
    ...parameters.map(
      (parameter) =>
        `*Parameter* \`${parameter.id}\`, ${parameter.default} by default, from ${parameter.minimum} to ${parameter.maximum}: ${parameter.description}`,
    ),
  ];
  return [`### \`${id}\``, ...lines].join('\n\n');
}

function asSentence(text: string): string {
  return text.endsWith('.') ? text : `${text}.`;
}
