// What the tests of programs in a page have in common.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from 'vitest'
import { type BrowserName, findBrowser } from '../../bench/browsers/programs.js'
import { bundle } from '../../bench/page/bundle.js'
import { type OpenPage, type Opened, openIn } from './opened.js'

export interface Fixture {
  /** Programs of test/browser/fixture, and the page that loads the first of them. */
  readonly programs: string[]
  readonly page: string
  /** Folder to build them in. */
  readonly target: string
  /** What the program makes global when it is ready. */
  readonly ready: string
}

/** Describes the same tests in each browser; they are skipped in one that is missing. */
export function inBrowsers(name: string, tests: (browser: BrowserName) => void): void {
  for (const browser of ['chromium', 'firefox'] as const) {
    describe.skipIf(!findBrowser(browser))(`${name}, in ${browser}`, () => tests(browser))
  }
}

/**
 * Within a describe: opens a page with a program of the fixture for each test, and sees that its main thread did not
 * block and that nothing was complained of. Returns what tells the page of the test that is running.
 */
export function onPageOf(browser: BrowserName, { programs, page, target, ready }: Fixture): () => OpenPage {
  let opened: Opened

  beforeAll(async () => {
    const folder = await bundle({ source: 'test/browser/fixture', programs, assets: [page], target: `${target}-${browser}` })
    opened = await openIn(browser, folder, page)
  }, 120_000) // a browser that does not come says so before

  afterAll(() => opened?.close())

  beforeEach(() => opened.load(ready))

  afterEach(async () => {
    expect(await opened.blockingWaits(), 'blocking waits of the main thread').toBe(0)
    expect(await opened.complaints()).toEqual([])
  })

  return () => opened
}
