// What the tests of programs in a page have in common.
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import { bundle } from '../../bench/page/bundle.js'
import { type Serving, serveFolder } from '../../bench/page/server.js'
import { blockingWaits, collectComplaints, countBlockingWaits, launchChromium } from './chromium.js'

export interface Fixture {
  /** Programs of test/browser/fixture, and the page that loads the first of them. */
  readonly programs: string[]
  readonly page: string
  /** Folder to build them in. */
  readonly target: string
  /** What the program makes global when it is ready. */
  readonly ready: string
}

/**
 * Within a describe: opens a page with a program of the fixture for each test, and sees that its main thread did not
 * block and that nothing was complained of. Returns what tells the page of the test that is running.
 */
export function onPageOf({ programs, page: file, target, ready }: Fixture): () => Page {
  let browser: Browser
  let serving: Serving
  let page: Page
  let complaints: string[]

  beforeAll(async () => {
    const folder = await bundle({ source: 'test/browser/fixture', programs, assets: [file], target })
    serving = await serveFolder({ folder, port: 0, isolated: true })
    browser = await launchChromium()
  })

  afterAll(async () => {
    await browser?.close()
    await serving?.close()
  })

  beforeEach(async () => {
    page = await browser.newPage()
    complaints = collectComplaints(page)
    await countBlockingWaits(page)
    await page.goto(serving.url + file)
    await page.waitForFunction((name) => name in window, ready)
  })

  afterEach(async () => {
    expect(await blockingWaits(page), 'blocking waits of the main thread').toBe(0)
    expect(complaints).toEqual([])
    await page.close()
  })

  return () => page
}
