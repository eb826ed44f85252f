/** Writes `docs/rules.md` from the catalogue. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ruleDocs } from './ruleDocs.ts';

writeFileSync(join(import.meta.dirname, '../../../../docs/rules.md'), ruleDocs());
