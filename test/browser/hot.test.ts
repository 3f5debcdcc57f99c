// The rows of `npm run bench:hot` in browsers, in little: two of them, of which one needs a second thread.
import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { type BrowserName, findBrowser } from '../../bench/browsers/programs.js'
import { packageRoot } from '../../bench/page/bundle.js'

const PROGRAM = path.join(packageRoot, 'build/bench/hot/run.js')

describe.each<BrowserName>(['chromium', 'firefox'])('the rows of bench:hot in %s', (browser) => {
  test.skipIf(!findBrowser(browser))('have figures', { timeout: 180_000 }, async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [PROGRAM, `--browser=${browser}`, '--rounds=1', 'increment'])
    const [title, , , ...rows] = stdout.trimEnd().split('\n')
    expect(title).toMatch(/^(Chromium|Firefox) \d+\.\S+; ns for each operation/)
    expect(rows).toHaveLength(2)
    for (const row of rows) {
      const [ours, theirs, ratio] = row.slice(36).trim().split(/\s+/).map(Number)
      expect(ours).toBeGreaterThan(0)
      expect(theirs).toBeGreaterThan(0)
      expect(ratio).toBeCloseTo(theirs! / ours!, 1)
    }
  })
})
