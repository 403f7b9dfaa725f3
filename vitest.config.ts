import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

// One suite, two databases: what touches storage runs on PGlite and on a real PostgreSQL; the rest runs once.
const stored = [
  'test/core/**/*.test.ts',
  'test/storage/**/*.test.ts',
  'test/jobs/**/*.test.ts',
  'test/scenarios/**/*.test.ts',
];

/** What takes minutes begins first: at the end, it would keep one worker busy and leave the other idle. */
const takesMinutes = /license-walks|killed-jobs|three-jobs|survives-kill/;
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification): number => Number(takesMinutes.test(moduleId));
    return (await super.sort(files)).toSorted((a, b) => isLong(b) - isLong(a));
  }
}

const shared = { pool: 'forks' as const, testTimeout: 20_000, hookTimeout: 60_000 };

export default defineConfig({
  test: {
    ...shared,
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
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
