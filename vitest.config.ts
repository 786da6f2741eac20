import { defineConfig } from 'vitest/config';

// Native add-ons do not survive being loaded into several threads of one process, so tests run in forks.
export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: '100%', // many tests wait for processes and servers, so no core need be kept free
    include: ['tests/**/*.test.{js,ts}'],
    setupFiles: 'tests/silent.ts',
    disableConsoleIntercept: true, // so that `silent.ts` sees what the console writes
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
