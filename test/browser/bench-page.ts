// What the tests of the benchmark page have in common: a page for each test, and what they do with it.
import { readFile } from 'node:fs/promises'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { blockingWaits, collectComplaints, countBlockingWaits, launchChromium } from './chromium.js'
import { servePage, type Served } from './serving.js'

export interface BenchPage {
  /** Opens the page, as the server of `npm run page` serves it or from another address. */
  open(query: string, options?: BrowserContextOptions, url?: string): Promise<Page>
}

/**
 * Within a describe: serves the page and starts a browser. After each test it sees that the main thread did not block,
 * and that nothing was complained of.
 */
export function onBenchPage(): BenchPage {
  let browser: Browser
  let served: Served
  let page: Page | undefined
  let complaints: string[]

  beforeAll(async () => {
    served = await servePage()
    browser = await launchChromium()
  })

  afterAll(async () => {
    await browser?.close()
    await served?.stop()
  })

  afterEach(async () => {
    if (!page) return
    expect(await blockingWaits(page), 'blocking waits of the main thread').toBe(0)
    expect(complaints).toEqual([])
    await page.context().close()
    page = undefined
  })

  return {
    open: async (query, options = {}, url = served.url) => {
      page = await browser.newPage({ reducedMotion: 'reduce', ...options })
      complaints = collectComplaints(page)
      await countBlockingWaits(page)
      await page.goto(url + query)
      return page
    },
  }
}

/** Waits until nothing runs any more, and returns what the status line then says. */
export async function finish(page: Page): Promise<string> {
  await page.waitForFunction(() => !['loading', 'idle', 'running'].includes(document.body.dataset.state ?? ''))
  return (await page.locator('#status').textContent()) ?? ''
}

/** How many pixels of a canvas, or of the one in an element, have the colour that the style sheet names so. */
export function countPixels(page: Page, canvas: string, colorName: string): Promise<number> {
  return page.locator(canvas).evaluate((element, name) => {
    const drawn = (element instanceof HTMLCanvasElement ? element : element.querySelector('canvas')) as HTMLCanvasElement
    const copy = new OffscreenCanvas(drawn.width, drawn.height).getContext('2d', { willReadFrequently: true })!
    copy.drawImage(drawn, 0, 0)
    const { data } = copy.getImageData(0, 0, drawn.width, drawn.height)
    const hex = getComputedStyle(document.documentElement).getPropertyValue(name).trim()
    const wanted = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16))
    let count = 0
    for (let at = 0; at < data.length; at += 4) {
      if (wanted.every((channel, place) => data[at + place] === channel)) count++
    }
    return count
  }, colorName)
}

/** Presses a button that saves a file, and returns the JSON in it. */
export async function downloadJson(page: Page, button: string): Promise<any> {
  const downloading = page.waitForEvent('download')
  await page.getByRole('button', { name: button }).click()
  const download = await downloading
  return JSON.parse(await readFile(await download.path(), 'utf8'))
}
