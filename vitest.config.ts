import { defineConfig } from 'vitest/config';

// One suite, two databases: what touches storage runs on PGlite and on a real PostgreSQL; the rest runs once.
const stored = [
  'test/core/**/*.test.ts',
  'test/storage/**/*.test.ts',
  'test/jobs/**/*.test.ts',
  'test/scenarios/**/*.test.ts',
];
const shared = { pool: 'forks' as const, testTimeout: 20_000, hookTimeout: 60_000 };

export default defineConfig({
  test: {
    ...shared,
    maxWorkers: 2,
    globalSetup: ['test/support/databases.ts'],
    projects: [
      { extends: true, test: { ...shared, name: 'lite', include: stored, env: { TEST_DATABASE: 'pglite' } } },
      { extends: true, test: { ...shared, name: 'postgres', include: stored, env: { TEST_DATABASE: 'postgres' } } },
      {
        extends: true,
        test: {
          ...shared,
          name: 'doors',
          include: ['test/**/*.test.ts'],
          exclude: stored,
          env: { TEST_DATABASE: 'pglite' },
        },
      },
    ],
  },
});
