// Deaths at random: worker.terminate() at any moment, under full load. No acknowledged write is lost, nothing is there
// that was never written, nobody hangs, and at the end all memory is accounted for. TOPHASH_KILLS asks for more kills,
// TOPHASH_SEED for the same choices again.
import { describe, expect, it } from 'vitest'
import { seedOf } from '../stress/random.js'
import { asked, isFull, sized } from '../support/size.js'
import { type Plan, type Report, killAll } from './killer.js'

const seed = seedOf()
/** All tests together. */
const KILLS = asked('TOPHASH_KILLS', 25, 2000)
const timeout = 120_000 + KILLS * 300

/** A test that does so much of the killing, 50 in each round. */
function share(percent: number, plan: Omit<Plan, 'seed' | 'kills' | 'rounds'>): Plan {
  const kills = Math.ceil((KILLS * percent) / 100)
  return { seed, kills, rounds: Math.max(sized(2, 4), Math.round(kills / 50)), ...plan }
}

const ALONE = { groups: 4, groupSize: 1, sleepMs: 0 }
/** Where nobody lingers, so that victims take most of the processor, not survivors. */
const MANY = { groups: sized(4, 8), groupSize: 1, sleepMs: 0 }
const PAIRS = { groups: 2, groupSize: 2, sleepMs: 0 }

const PLANS: readonly (readonly [string, Plan])[] = [
  ['anywhere', share(40, { ...MANY, checked: false })],
  ['in the middle of operations', share(30, { ...ALONE, checked: true })],
  ['two at the same moment', share(10, { ...PAIRS, checked: true })],
  ['while nobody hears of it', share(10, { ...PAIRS, sleepMs: 300, checked: true })],
  ['in a heap that is nearly full', share(10, { ...ALONE, checked: true, maxBytes: 2 << 20 })],
]
/** In `npm test` they are too few to come to much. */
const SLOW = ['two at the same moment', 'while nobody hears of it', 'in a heap that is nearly full']

describe(`threads that are killed (seed ${seed})`, () => {
  it.each(PLANS.filter(([name]) => isFull || !SLOW.includes(name)))(
    '%s, take nothing with them',
    { timeout },
    async (name, plan) => {
      const report = await killAll(plan)
      console.log(`${name}: ${describeReport(report)}; seed ${seed}`)
      const { kills, locked, steps, refusals, heapBytes } = report
      expect(kills).toBeGreaterThanOrEqual(plan.kills)
      if (plan.checked && isFull) expect(locked, 'deaths of those who held a lock').toBeGreaterThan(0)
      expect(steps).toBeGreaterThan(kills)
      if (plan.maxBytes !== undefined) expect(refusals, 'writes that found no room').toBeGreaterThan(0)
      expectNoRise(heapBytes)
    },
  )
})

function describeReport(report: Report): string {
  const { kills, attached, locked, checkpoints, longestPauseMs, seconds, steps, refusals, heapBytes } = report
  return [
    `${kills} kills in ${seconds.toFixed(0)} s`,
    `${attached} died attached, ${locked} of them with a lock, at ${checkpoints.size} different checkpoints`,
    `the survivors' longest pause was ${longestPauseMs.toFixed(0)} ms, in ${steps} steps`,
    `${refusals} writes found no room`,
    `KiB after each round: ${heapBytes.map((bytes) => bytes >>> 10).join()}`,
  ].join('; ')
}

/** Free blocks of one size more or less, in the lists of one thread or another. */
const SLACK_BYTES = 256 << 10

/** What each round leaves behind would show after some: 64 KiB for each thread, and more. */
function expectNoRise(heapBytes: readonly number[]): void {
  const half = Math.ceil(heapBytes.length / 2)
  const [first, second] = [heapBytes.slice(0, half), heapBytes.slice(half)]
  const most = Math.max(...first) * 1.2 + SLACK_BYTES
  expect(Math.max(...second), 'bytes in use after later rounds').toBeLessThanOrEqual(most)
}
