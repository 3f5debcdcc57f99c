// A page in either browser, as far as the tests of programs in a page ask for it. Chromium is driven over its protocol, as users of it
// do; Firefox by the page that it opens (bench/browsers/remote.ts).
import type { Page } from 'playwright-core'
import type { BrowserName } from '../../bench/browsers/programs.js'
import { Remote } from '../../bench/browsers/remote.js'
import { serveFolder } from '../../bench/page/server.js'
import { blockingWaits, collectComplaints, countBlockingWaits, launchChromium } from './chromium.js'
import { collect, collected, countWaits, waitsCounted } from './in-page.js'

export interface OpenPage {
  evaluate<R>(work: () => R | Promise<R>): Promise<R>
  evaluate<R, A>(work: (argument: A) => R | Promise<R>, argument: A): Promise<R>
}

export interface Opened extends OpenPage {
  /** Loads the page, with nothing of what was there before; returns when `ready` is global in it. */
  load(ready: string): Promise<void>
  /** Since it was loaded: how often its main thread blocked, and what it complained of. */
  blockingWaits(): Promise<number>
  complaints(): Promise<readonly string[]>
  close(): Promise<void>
}

/** Opens a browser for a page of a folder. */
export function openIn(browser: BrowserName, folder: string, file: string): Promise<Opened> {
  return browser === 'chromium' ? openChromium(folder, file) : openRemote(browser, folder, file)
}

async function openChromium(folder: string, file: string): Promise<Opened> {
  const serving = await serveFolder({ folder, port: 0, isolated: true })
  const browser = await launchChromium()
  let page: Page
  let complaints: string[] = []
  return {
    load: async (ready) => {
      await page?.close()
      page = await browser.newPage()
      complaints = collectComplaints(page)
      await countBlockingWaits(page)
      await page.goto(serving.url + file)
      await page.waitForFunction((name) => name in window, ready)
    },
    evaluate: (work: (argument: never) => unknown, argument?: unknown) => page.evaluate(work as never, argument) as never,
    blockingWaits: () => blockingWaits(page),
    complaints: async () => complaints,
    close: async () => {
      await browser.close()
      await serving.close()
    },
  }
}

async function openRemote(browser: BrowserName, folder: string, file: string): Promise<Opened> {
  const remote = await Remote.open({ browser, folder, page: file, scripts: [countWaits, collect] })
  return {
    load: async (ready) => {
      await remote.reload()
      const isReady = await remote.evaluate((name) => name in window, ready)
      if (!isReady) throw new Error(`The page has no ${ready}: ${await remote.evaluate(collected)}`)
    },
    evaluate: (work: (argument: never) => unknown, argument?: unknown) => remote.evaluate(work, argument as never) as never,
    blockingWaits: () => remote.evaluate(waitsCounted),
    complaints: () => remote.evaluate(collected),
    close: () => remote.close(),
  }
}
