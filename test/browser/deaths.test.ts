// Web Workers that are terminated at random moments, in a heap where others go on: see test/deaths/.
// TOPHASH_BROWSER_KILLS asks for more kills.
import { expect, test } from 'vitest'
import { seedOf } from '../stress/random.js'
import type { Deaths, Plan } from './fixture/deaths.js'
import { inBrowsers, onPageOf } from './on-page.js'

type DeathsWindow = Window & { deaths: Deaths }

const seed = seedOf()
const KILLS = Number(process.env.TOPHASH_BROWSER_KILLS ?? 200)
const timeout = 120_000 + KILLS * 2_000

inBrowsers(`web workers that are killed (seed ${seed})`, (browser) => {
  const page = onPageOf(browser, {
    programs: ['deaths.ts', 'deaths-worker.ts'],
    page: 'deaths.html',
    target: 'build/browser-deaths',
    ready: 'deaths',
  })

  test.each([
    ['anywhere', { checked: false }],
    ['in the middle of operations', { checked: true }],
  ])('%s, take nothing with them', { timeout }, async (name, { checked }) => {
    const plan: Plan = { seed, kills: KILLS / 2, rounds: 2, groups: 2, groupSize: 5, checked }
    const report = await page().evaluate((given) => (window as unknown as DeathsWindow).deaths.killAll(given), plan)
    const { kills, lingering, checkpoints, longestPauseMs, steps, seconds, heapBytes } = report
    console.log(
      `${name}: ${kills} kills in ${seconds.toFixed(0)} s, ${lingering} of them at ${checkpoints.length} different ` +
        `checkpoints; the survivors' longest pause was ${longestPauseMs.toFixed(0)} ms, in ${steps} steps; ` +
        `KiB after each round: ${heapBytes.map((bytes) => bytes >>> 10).join()}; seed ${seed}`,
    )
    expect(kills).toBeGreaterThanOrEqual(plan.kills)
    expect(steps).toBeGreaterThan(kills)
    if (checked) expect(lingering, 'deaths in the middle of an operation').toBeGreaterThan(0)
    expect(heapBytes[1], 'bytes in use after the second round').toBeLessThanOrEqual(heapBytes[0]! * 1.5 + (256 << 10))
  })
})
