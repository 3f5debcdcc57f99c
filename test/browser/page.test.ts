// The benchmark page, used as a visitor uses it: runs, drawings, exports, the keyboard, small and dark screens.
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { countPixels, downloadJson, finish, onBenchPage } from './bench-page.js'
import { findChromium } from './chromium.js'
import { servePage } from './serving.js'

const SMALL = 'keys=500&workers=2&ms=80'
const RIVALS = ['shared', 'message', 'own']

describe.skipIf(!findChromium())('the page', () => {
  const { open } = onBenchPage()

  test.each(['wide', 'fresh', 'long'])('measures and verifies %s keys', async (kind) => {
    const page = await open(`?kind=${kind}&reads=50&${SMALL}`)
    await page.getByRole('button', { name: 'Run' }).click()
    expect(await finish(page)).toMatch(/^Verified: \S+ values were read, .* all 500 keys/)
    const rates = await shownRates(page)
    expect(rates).toHaveLength(RIVALS.length)
    for (const rate of rates) expect(rate).toSatisfy((value: number) => Number.isFinite(value) && value > 0)
    // What is said of two is said of the one that has more.
    const [shared, message, own] = rates as [number, number, number]
    const said = (rival: string): Promise<string | null> => page.locator(`#tiles [data-contender=${rival}] small`).textContent()
    expect(/as many as Map \+ postMessage/.test((await said('shared'))!)).toBe(shared >= message)
    expect(/as many as SharedMap/.test((await said('message'))!)).toBe(message > shared)
    expect(/as many as Map, one thread/.test((await said('shared'))!)).toBe(shared >= own)
    expect(/as many as SharedMap/.test((await said('own'))!)).toBe(own > shared)
    for (const rival of RIVALS) {
      expect(await countPixels(page, '#throughput-chart', `--${rival}`), `line of ${rival}`).toBeGreaterThan(20)
    }
    for (const chart of ['#percentiles-chart', '#waits-chart']) {
      expect(await countPixels(page, chart, '--message'), `line in ${chart}`).toBeGreaterThan(20)
    }
  })

  test.each([
    ['0', /^Verified: 0 values/],
    ['100', /^Verified: [1-9]/],
  ])('serves %s %% reads', async (reads, said) => {
    const page = await open(`?reads=${reads}&distribution=uniform&${SMALL}&run=1`)
    expect(await finish(page)).toMatch(said)
  })

  test('draws while it runs, and Stop ends it at once', async () => {
    const page = await open('?keys=500&workers=2&ms=600000&run=1')
    await page.locator('#figures tr[data-contender=shared][data-rate]').waitFor()
    expect(await page.locator('body').getAttribute('data-state')).toBe('running')
    expect(await page.locator('#throughput-chart').getAttribute('aria-label')).toMatch(/SharedMap, [\d.]+ s: /)
    expect(await page.locator('#inspector').getAttribute('data-drawn')).toBe('true')
    expect(await page.locator('#step').textContent()).toMatch(/^Turn \d+ of 3000: /)
    await page.getByRole('button', { name: 'Stop' }).click()
    expect(await finish(page)).toMatch(/^Stopped/)
    await page.getByRole('button', { name: 'Watch it grow' }).click()
    expect(await finish(page)).toMatch(/^Verified/)
  })

  test('looks empty before a run, and keeps what came of it in sight', async () => {
    const page = await open(`?${SMALL}`, { viewport: { width: 360, height: 740 } })
    const empty = page.locator('.canvas[data-empty]')
    expect(await empty.count()).toBe(await page.locator('.canvas').count())
    expect(await page.locator('#throughput-chart').evaluate((chart) => getComputedStyle(chart).visibility)).toBe('hidden')
    await page.getByRole('button', { name: 'Run' }).click()
    expect(await finish(page)).toMatch(/^Verified/)
    expect(await page.locator('#mix .canvas[data-empty]').count()).toBe(0)
    await page.locator('#inspector').scrollIntoViewIfNeeded()
    await page.locator('#segments').scrollIntoViewIfNeeded()
    const { y } = (await page.locator('#status').boundingBox())!
    expect(y).toBeGreaterThanOrEqual(0)
    expect(y).toBeLessThan(200)
    await page.getByRole('button', { name: 'Watch it grow' }).click()
    expect(await finish(page)).toMatch(/^Verified/)
    expect(await empty.count()).toBe(0)
  })

  test('leaves one core to itself, and shows how to begin', async () => {
    const page = await open('')
    const cores = await page.evaluate(() => navigator.hardwareConcurrency)
    expect(await page.getByLabel('Workers').inputValue()).toBe(String(Math.min(Math.max(cores - 1, 1), 8)))
    expect(await page.locator('.use').textContent()).toContain('npm install tophash')
    const docs = await page.evaluate(async () => (await fetch(document.querySelector<HTMLAnchorElement>('.use a')!.href)).text())
    expect(docs).toMatch(/^# tophash/)
  })

  test('exports what it shows', async () => {
    const page = await open(`?reads=90&inFlight=8&${SMALL}&run=1`, {
      permissions: ['clipboard-read', 'clipboard-write'],
    })
    await finish(page)
    const { format, environment, mix, inspection } = await downloadJson(page, 'Download JSON')
    expect(format).toBe('tophash-page-1')
    expect(environment.isolated).toBe(true)
    expect(mix.settings).toMatchObject({ keys: 500, workers: 2, ms: 80, reads: 90, inFlight: 8 })
    expect(RIVALS.map((rival) => mix.contenders[rival].rate.median)).toEqual(await shownRates(page))
    for (const rival of RIVALS) {
      const { turns, latency, timed, operations, histogram } = mix.contenders[rival]
      expect(turns).toHaveLength(2)
      expect(Math.min(timed, operations)).toBeGreaterThan(0)
      expect(latency.p50).toBeLessThanOrEqual(latency.p99)
      expect(latency.p99).toBeLessThanOrEqual(latency.longest)
      expect(histogram).toMatch(/^HISTF/)
    }
    expect(inspection.entries).toBe(500)
    expect(inspection.sample).toHaveLength(inspection.sampled)

    await page.getByRole('button', { name: 'Copy as Markdown' }).click()
    await page.locator('#copied').getByText('Copied.').waitFor()
    const markdown = await page.evaluate(() => navigator.clipboard.readText())
    expect(markdown).toContain('2 workers, 500 keys')
    expect(markdown.split('\n').filter((line) => line.startsWith('| '))).toHaveLength(2 + RIVALS.length)
  })

  test('keeps its settings in the URL, which can be copied', async () => {
    const page = await open('?workers=3&keys=777&kind=wide&reads=35&distribution=uniform&ms=40&inFlight=5', {
      permissions: ['clipboard-read', 'clipboard-write'],
    })
    expect(await page.getByLabel('Number of keys').inputValue()).toBe('777')
    expect(await page.getByLabel('Keys are asked for').inputValue()).toBe('uniform')
    expect(await page.locator('output').textContent()).toBe('35 % reads, 65 % sets')
    await page.getByLabel('Keys are asked for').selectOption('zipfian')
    await page.getByLabel('Reads').fill('70')
    await page.getByRole('button', { name: 'Copy link' }).click()
    await page.locator('#link-copied').getByText('Copied.').waitFor()
    const link = new URL(await page.evaluate(() => navigator.clipboard.readText()))
    expect(Object.fromEntries(link.searchParams)).toEqual({
      workers: '3',
      keys: '777',
      kind: 'wide',
      reads: '70',
      distribution: 'zipfian',
      ms: '40',
      inFlight: '5',
    })
    expect(new URL(page.url()).search).toBe(link.search)
    await page.goto('about:blank')
    await page.goto(link.href)
    expect(await page.getByLabel('Reads').inputValue()).toBe('70')
    expect(await page.getByLabel('Kind of keys').inputValue()).toBe('wide')
  })

  test('takes nothing from a URL that it does not offer', async () => {
    const page = await open('?workers=1e9&keys=-4&kind=objects&reads=1000&distribution=x&ms=no&inFlight=')
    const valueOf = (label: string): Promise<string> => page.getByLabel(label).inputValue()
    expect(await Promise.all(['Workers', 'Number of keys', 'Kind of keys', 'Reads'].map(valueOf))).toEqual([
      '100',
      '1',
      'fresh',
      '100',
    ])
  })

  test('can be used by keyboard alone, and the focus is never lost', async () => {
    const page = await open(`?${SMALL}`)
    const focused = (): Promise<string | undefined> => page.evaluate(() => document.activeElement?.id)
    await page.getByLabel('Reads').focus()
    // A run may be over before anybody looks: the page notes where the focus goes.
    const focuses = await page.evaluateHandle(() => {
      const ids: string[] = []
      document.addEventListener('focusin', ({ target }) => ids.push((target as Element).id))
      return ids
    })
    for (const button of ['run', 'grow']) {
      await page.keyboard.press('Tab')
      expect(await focused()).toBe(button)
      await page.keyboard.press('Enter')
      expect(await finish(page)).toMatch(/^Verified/)
      expect(await focused()).toBe(button)
    }
    expect(await focuses.jsonValue()).toEqual(['run', 'stop', 'run', 'grow', 'stop', 'grow'])
    expect(await page.evaluate(() => getComputedStyle(document.activeElement!).outlineStyle)).toBe('solid')
  })

  test('fits a phone: nothing but tables scrolls sideways', async () => {
    const page = await open(`?${SMALL}&run=1`, { viewport: { width: 360, height: 740 } })
    await finish(page)
    await page.getByRole('button', { name: 'Watch it grow' }).click()
    expect(await finish(page)).toMatch(/^Verified/)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
  })

  test('is dark where the system is, and changes with it', async () => {
    const page = await open(`?${SMALL}&run=1`, { colorScheme: 'dark' })
    await finish(page)
    const background = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    expect(await background()).toBe('rgb(14, 20, 19)')
    expect(await countPixels(page, '#throughput-chart', '--shared')).toBeGreaterThan(20)
    await page.emulateMedia({ colorScheme: 'light' })
    await expect.poll(() => countPixels(page, '#throughput-chart', '--shared')).toBeGreaterThan(20)
    expect(await background()).toBe('rgb(246, 248, 247)')
  })

  test('says which headers are missing where it is not isolated', async () => {
    const bare = await servePage('--no-isolation')
    try {
      const page = await open('?run=1', {}, bare.url)
      const help = page.getByRole('alert')
      await help.waitFor()
      const text = await help.textContent()
      expect(text).toContain('Cross-Origin-Opener-Policy: same-origin')
      expect(text).toContain('Cross-Origin-Embedder-Policy: require-corp')
      for (const name of ['Run', 'Watch it grow']) {
        expect(await page.getByRole('button', { name }).isDisabled()).toBe(true)
      }
    } finally {
      await bare.stop()
    }
  })
})

function shownRates(page: Page): Promise<number[]> {
  return page.locator('#figures tr').evaluateAll((rows) => rows.map((row) => Number(row.dataset.rate)))
}
