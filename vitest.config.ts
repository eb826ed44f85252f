import { configDefaults, defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    exclude: [...configDefaults.exclude, 'tests/**/*.long.test.ts'],
    globalSetup: 'tests/support/globalSetup.ts',
    // Every file starts a process: two at a time is what a small machine carries.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // The default of one second is too short for a machine that is busy.
    expect: { poll: { timeout: 15_000 } },
  },
  // Packages import graphql both as CommonJS and as a module: without this, two copies are loaded.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
});
