import { defineConfig } from 'vitest/config'

/** The tests start and drive Chromium themselves: see test/browser/chromium.ts. */
export default defineConfig({
  test: {
    include: ['test/browser/**/*.test.ts'],
    globalSetup: ['test/browser/setup.ts'],
    fileParallelism: false, // a browser with its workers fills a small machine
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
