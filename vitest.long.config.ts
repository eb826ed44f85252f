import { configDefaults, defineConfig } from 'vitest/config';
import everyday from './vitest.config.ts';

/** What takes too long for `npm test`: processes that are killed, servers that go away. */
export default defineConfig({
  ...everyday,
  test: {
    ...everyday.test,
    include: ['tests/**/*.long.test.ts'],
    exclude: configDefaults.exclude,
    testTimeout: 180_000,
    // They wait most of the time, each with processes of its own.
    maxConcurrency: 3,
  },
});
