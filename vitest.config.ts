import { existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { configDefaults, defineConfig } from 'vitest/config'

const TEST = new URL('test/', import.meta.url)
/** Folders whose tests need all of the processor: those with a file named ALONE. */
const ALONE = readdirSync(TEST)
  .filter((folder) => existsSync(new URL(`${folder}/ALONE`, TEST)))
  .map(all)
/** They have a configuration of their own: vitest.browser.config.ts. */
const BROWSER = all('browser')

/**
 * The tests use the built package, as a program does; `npm test` builds it first. A new folder below test/ runs by
 * itself. `--mode full` asks for the sizes of `npm run test:all`, see test/support/size.ts.
 */
export default defineConfig(({ mode }) => {
  const isFull = mode === 'full' || process.env.TOPHASH_SIZE === 'full'
  return {
    cacheDir: 'build/.vite', // not in node_modules, which `npm start` reads while tests may run
    resolve: {
      alias: [
        { find: /^tophash$/, replacement: fileURLToPath(new URL('dist/index.js', import.meta.url)) },
        { find: /^tophash\/lite$/, replacement: fileURLToPath(new URL('dist/lite.js', import.meta.url)) },
        {
          find: /^tophash\/(.*-.*|keyv|unstorage|bentocache|redis)$/,
          replacement: fileURLToPath(new URL('dist/adapters/$1.js', import.meta.url)),
        },
        { find: /^tophash\/checked$/, replacement: fileURLToPath(new URL('dist/checked.js', import.meta.url)) },
      ],
    },
    test: {
      pool: 'forks', // a process for each file: a heap that a test leaves behind ends with it
      env: isFull ? { TOPHASH_SIZE: 'full' } : {},
      setupFiles: isFull ? [] : ['test/support/budget.ts'],
      testTimeout: isFull ? 600_000 : 120_000, // a slow machine is no fault; test/support/budget.ts says which files are too long
      hookTimeout: 600_000, // likewise: some compile parts of the core
      teardownTimeout: 5_000,
      projects: [
        // Their threads need all of the processor: one file at a time.
        {
          extends: true,
          test: {
            name: 'alone',
            include: ALONE,
            maxWorkers: 1,
            provide: { cores: 2 },
            sequence: { groupOrder: 0 },
          },
        },
        // One thread for most of the time, or threads that take turns or wait: two files at a time.
        {
          extends: true,
          test: {
            name: 'side by side',
            include: ['test/**/*.test.ts'],
            exclude: [...configDefaults.exclude, ...ALONE, BROWSER],
            maxWorkers: 2,
            provide: { cores: 1 },
            sequence: { groupOrder: 1 },
          },
        },
      ],
    },
  }
})

function all(folder: string): string {
  return `test/${folder}/**/*.test.ts`
}
