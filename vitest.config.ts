import { defineConfig } from 'vitest/config';

// With the full numbers (npm run test:deep) a test may take an hour.
const deep = process.env['GITOPS_GEN_DEEP'] !== undefined;

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    globalSetup: ['test/support/build.ts'],
    // Most of a test is a process of its own that this one waits for.
    maxWorkers: '100%',
    testTimeout: deep ? 3_600_000 : 60_000,
    hookTimeout: 120_000,
    reporters: ['default'],
  },
});
