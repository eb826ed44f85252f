import { defineConfig } from 'prisma/config';

/** Names the domain whose schema the Prisma CLI works on: `identity` (default) or `enrollment`. */
const domain = process.env.PRISMA_DOMAIN ?? 'identity';
const urlVariable = domain === 'identity' ? 'DATABASE_URL' : 'ENROLLMENT_DATABASE_URL';

export default defineConfig({
  schema: `prisma/${domain}/schema.prisma`,
  migrations: { path: `prisma/${domain}/migrations` },
  datasource: { url: process.env[urlVariable] ?? '' },
});
