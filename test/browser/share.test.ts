// Two web workers and the page's main thread, which may not block, share one map.
import { expect, test } from 'vitest'
import type { Fixture } from './fixture/page.js'
import type { Kind } from './fixture/work.js'
import { inBrowsers, onPageOf } from './on-page.js'

type FixtureWindow = Window & { fixture: Fixture }

const KEY_COUNT = 2_000
const PASSES = 20

inBrowsers('three threads', (browser) => {
  const page = onPageOf(browser, {
    programs: ['page.ts', 'worker.ts'],
    page: 'index.html',
    target: 'build/browser-fixture',
    ready: 'fixture',
  })

  test.each<Kind>(['number', 'text'])('write and read one growing map of %s keys at once', async (kind) => {
    const { increments, found } = await page().evaluate(
      ([kind, keyCount, passes]) => (window as unknown as FixtureWindow).fixture.shareAtOnce(kind, keyCount, passes),
      [kind, KEY_COUNT, PASSES] as const,
    )
    for (const made of increments) expect(made).toBeGreaterThanOrEqual(KEY_COUNT * PASSES)
    const totals = sumPerCounter(increments, found[0]!.counted.length)
    const complete = { keys: KEY_COUNT, visited: KEY_COUNT, counted: totals }
    expect(found).toEqual([complete, complete, complete])
  })

  test('keep every text whole, and apart from every other', async () => {
    expect(await page().evaluate(() => (window as unknown as FixtureWindow).fixture.mirror())).toEqual([])
  })

  test('keep keys and values of every kind, in a map that both find by its name', async () => {
    expect(await page().evaluate(() => (window as unknown as FixtureWindow).fixture.anything())).toEqual([])
  })

  test('lose no count, whichever way they count', async () => {
    const [found, expected] = await page().evaluate(() => (window as unknown as FixtureWindow).fixture.count())
    expect(found).toEqual(expected)
  })

  test('win each bit of a bitset once, and find all of them set', async () => {
    const { won, length, wrong } = await page().evaluate(() => (window as unknown as FixtureWindow).fixture.bits())
    expect({ won, wrong }).toEqual({ won: length, wrong: [] })
  })

  test('hand items on by queues, at one end of which the main thread may not block', async () => {
    const { pushed, popped, expected, refused } = await page().evaluate(() =>
      (window as unknown as FixtureWindow).fixture.items(),
    )
    expect({ pushed, popped, refused }).toEqual({ pushed: expected, popped: expected, refused: 'ERR_UNSUPPORTED' })
  })

  test('take turns, of which the main thread waits for its own without blocking', async () => {
    const { own, expected, refused } = await page().evaluate(() => (window as unknown as FixtureWindow).fixture.turns())
    expect({ own, refused }).toEqual({ own: [expected, expected, expected], refused: 'ERR_UNSUPPORTED' })
  })

  test('load each key of a cache once', async () => {
    const { loads, keys, wrong } = await page().evaluate(() => (window as unknown as FixtureWindow).fixture.caching())
    expect({ loads, wrong }).toEqual({ loads: keys, wrong: [] })
  })

  test('are seen by a trace, on one clock', async () => {
    expect(await page().evaluate(() => (window as unknown as FixtureWindow).fixture.trace())).toEqual({
      threads: [1, 2],
      isInTime: true,
      phases: 'CMXi',
      isUserThere: true,
    })
  })

  test('do all this on a main thread that may not block', async () => {
    expect(await page().evaluate(() => (window as unknown as FixtureWindow).fixture.mayBlock())).toBe(false)
  })
})

/** Each thread counts its n-th step in counter n modulo `counters`. */
function sumPerCounter(increments: number[], counters: number): number[] {
  return Array.from({ length: counters }, (_, counter) =>
    increments.reduce((total, made) => total + Math.ceil((made - counter) / counters), 0),
  )
}
