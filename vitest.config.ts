import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

/** Their threads need all of the processor: one file at a time. */
const UNDER_LOAD = ['stress', 'linear', 'deaths']
/** One thread for most of the time, or threads that take turns or wait: two files at a time. */
const WITHOUT_LOAD = [
  'unit', 'types', 'model', 'conformance', 'schedule', 'recovery', 'fuzz', 'planted', 'spin', 'api', 'endurance', 'bench',
]

/** The tests use the built package, as a program does; `npm test` builds it first. Those in a browser: vitest.browser.config.ts. */
export default defineConfig({
  cacheDir: 'build/.vite', // not in node_modules, which `npm start` reads while tests may run
  resolve: {
    alias: [
      { find: /^tophash$/, replacement: fileURLToPath(new URL('dist/index.js', import.meta.url)) },
      { find: /^tophash\/lite$/, replacement: fileURLToPath(new URL('dist/lite.js', import.meta.url)) },
      { find: /^tophash\/checked$/, replacement: fileURLToPath(new URL('dist/checked.js', import.meta.url)) },
    ],
  },
  test: {
    pool: 'forks', // a process for each file: a heap that a test leaves behind ends with it
    testTimeout: 30_000,
    hookTimeout: 30_000,
    teardownTimeout: 5_000,
    projects: [
      { extends: true, test: { name: 'alone', include: filesIn(UNDER_LOAD), maxWorkers: 1, sequence: { groupOrder: 0 } } },
      { extends: true, test: { name: 'side by side', include: filesIn(WITHOUT_LOAD), maxWorkers: 2, sequence: { groupOrder: 1 } } },
    ],
  },
})

function filesIn(folders: readonly string[]): string[] {
  return [`test/{${folders.join()}}/**/*.test.ts`]
}
