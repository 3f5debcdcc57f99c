// The benchmark page, used as a visitor uses it.
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { blockingWaits, collectComplaints, countBlockingWaits, findChromium, launchChromium } from './chromium.js'
import { servePage, type Served } from './serving.js'

const SMALL = 'keys=500&workers=2&ms=20&rounds=1'

describe.skipIf(!findChromium())('benchmark page', () => {
  let browser: Browser
  let served: Served
  let page: Page
  let complaints: string[]

  beforeAll(async () => {
    served = await servePage()
    browser = await launchChromium()
  })

  afterAll(async () => {
    await browser?.close()
    await served?.stop()
  })

  beforeEach(async () => {
    page = await browser.newPage()
    complaints = collectComplaints(page)
    await countBlockingWaits(page)
  })

  afterEach(async () => {
    await page.close()
  })

  test.each(['number', 'string', 'long'])('Run measures and verifies %s keys', async (kind) => {
    await page.goto(`${served.url}?kind=${kind}&${SMALL}`)
    await page.getByRole('button', { name: 'Run' }).click()
    expect(await finish(page)).toMatch(/^Verified: 10 measurements/)

    const rates = await shownRates(page)
    expect(rates).toHaveLength(10) // two phases, each: 1 and 2 workers shared and by messages, 1 worker alone
    for (const rate of rates) expect(rate).toSatisfy((value: number) => Number.isFinite(value) && value > 0)
    expect(await page.locator('#headline').textContent()).toMatch(/^[\d.,]+×/)
    for (const chart of ['#fill-chart', '#read-chart']) {
      expect(await countPixels(page, chart, '--shared'), `${chart} shows SharedMap`).toBeGreaterThan(50)
      expect(await countPixels(page, chart, '--message'), `${chart} shows postMessage`).toBeGreaterThan(50)
    }
    expect(await blockingWaits(page)).toBe(0)
    expect(complaints).toEqual([])
  })

  test('the URL chooses settings, starts a run and is kept up to date', async () => {
    await page.goto(`${served.url}?kind=number&keys=777&workers=1&ms=20&rounds=2&inFlight=8&run=1`)
    expect(await finish(page)).toMatch(/^Verified: .* 777 keys/)
    expect(await page.getByLabel('Number of keys').inputValue()).toBe('777')
    expect(page.url()).toContain('inFlight=8')
    expect(complaints).toEqual([])
  })

  test('Stop ends a run at once, and another can follow', async () => {
    await page.goto(`${served.url}?keys=500&workers=2&ms=10000&rounds=9`)
    await page.getByRole('button', { name: 'Run' }).click()
    await page.getByText('Warming up').waitFor()
    await page.getByRole('button', { name: 'Stop' }).click()
    expect(await finish(page)).toMatch(/^Stopped/)
    await page.goto(`${served.url}?${SMALL}&run=1`)
    expect(await finish(page)).toMatch(/^Verified/)
    expect(complaints).toEqual([])
  })

  test('the keyboard is enough, and the focus is never lost', async () => {
    await page.goto(`${served.url}?${SMALL}`)
    await page.getByLabel('Messages in flight').focus()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('stop')
    expect(await finish(page)).toMatch(/^Verified/)
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('run')
  })

  test('nothing but the table scrolls sideways on a phone', async () => {
    await page.setViewportSize({ width: 360, height: 740 })
    await page.goto(`${served.url}?${SMALL}&run=1`)
    expect(await finish(page)).toMatch(/^Verified/)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
  })

  test('without isolation it says which headers are missing', async () => {
    const bare = await servePage('--no-isolation')
    try {
      await page.goto(bare.url)
      const help = page.getByRole('alert')
      await help.waitFor()
      const text = await help.textContent()
      expect(text).toContain('Cross-Origin-Opener-Policy: same-origin')
      expect(text).toContain('Cross-Origin-Embedder-Policy: require-corp')
      expect(await page.getByRole('button', { name: 'Run' }).isDisabled()).toBe(true)
      expect(complaints).toEqual([])
    } finally {
      await bare.stop()
    }
  })
})

/** Waits until nothing runs any more, and returns what the status line then says. */
async function finish(page: Page): Promise<string> {
  await page.waitForFunction(() => !['loading', 'idle', 'running'].includes(document.body.dataset['state'] ?? ''))
  return (await page.locator('#status').textContent()) ?? ''
}

function shownRates(page: Page): Promise<number[]> {
  return page.locator('td[data-rate]').evaluateAll((cells) => cells.map((cell) => Number(cell.dataset['rate'])))
}

/** How many pixels of a canvas have the colour that the style sheet names so. */
function countPixels(page: Page, canvas: string, colorName: string): Promise<number> {
  return page.locator(canvas).evaluate((element, name) => {
    const drawn = element as HTMLCanvasElement
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
