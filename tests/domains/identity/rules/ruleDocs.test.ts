import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ruleDocs } from '../../../../src/domains/identity/rules/ruleDocs.ts';

it('docs/rules.md says what the catalogue says; npm run docs:rules brings it up to date', () => {
  const path = join(import.meta.dirname, '../../../../docs/rules.md');
  expect(readFileSync(path, 'utf8')).toBe(ruleDocs());
});
