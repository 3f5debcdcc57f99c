import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

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
    include: ['test/{unit,api,model,conformance,stress,linear,schedule,recovery,deaths,fuzz,planted,endurance,spin,types,bench}/**/*.test.ts'],
    pool: 'forks', // a process for each file: a heap that a test leaves behind ends with it
    testTimeout: 30_000,
    hookTimeout: 30_000,
    teardownTimeout: 5_000,
  },
})
