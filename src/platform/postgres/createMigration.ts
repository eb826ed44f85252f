/**
 * Authors a migration: `npm run migration:new -- identity|enrollment NAME` writes what changed in
 * `schema.prisma` since the last commit as `migrations/<time>_<NAME>/migration.sql`. CHECK
 * constraints, triggers and partial indexes are added to that file by hand.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { diffSchemas } from './schemaEngine.ts';

function committedSchema(path: string): string | null {
  try {
    return execFileSync('git', ['show', `HEAD:${path}`], { encoding: 'utf8', stdio: 'pipe' });
  } catch {
    return null;
  }
}

const [domain, name] = process.argv.slice(2);
if (!['identity', 'enrollment'].includes(domain ?? '') || !/^[a-z0-9_]+$/.test(name ?? '')) {
  console.error('Usage: npm run migration:new -- identity|enrollment NAME (NAME in a-z, 0-9, _)');
  process.exit(2);
}
const connectionString = process.env.DATABASE_URL;
if (!connectionString) {
  console.error(
    'Set DATABASE_URL to any PostgreSQL database: the engine connects, and changes nothing.',
  );
  process.exit(2);
}
const schemaPath = `prisma/${domain}/schema.prisma`;
const sql = await diffSchemas(
  connectionString,
  committedSchema(schemaPath),
  readFileSync(schemaPath, 'utf8'),
);
const time = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
const directory = `prisma/${domain}/migrations/${time}_${name}`;
mkdirSync(directory);
writeFileSync(`${directory}/migration.sql`, sql);
console.log(`${directory}/migration.sql`);
