// Iteration while others insert, delete and split: what stays is visited exactly once, nothing twice.
import { describe, expect, it } from 'vitest'
import { SharedMap } from 'tophash'
import { sized } from '../support/size.js'
import { spawn } from '../support/workers.js'
import type { FillJob } from './jobs.js'
import { disprove, prove } from './proof.js'

const STAYING = 3000
const ADDS = sized(80_000, 150_000)

describe('iterating while two threads insert and delete', () => {
  it('visits every entry that stays exactly once, and none twice', { timeout: 120_000 }, async () => {
    const map = new SharedMap<string, string>(null, { key: 'string', value: 'string', capacity: 1 })
    for (let i = 0; i < STAYING; i++) map.set(`stay:${i}`, prove(`stay:${i}`, 0, i, i % 200))
    const fillers = [1, 2].map((index) => spawn('stress/fill', { handle: map.handle, index, adds: ADDS } satisfies FillJob))
    let busy = true
    const done = Promise.all(fillers.map(({ results }) => results)).finally(() => (busy = false))
    const levels = new Set<number>()
    let rounds = 0
    for (; busy; rounds++) {
      const before = map.stats().level
      expectExactlyOnce(map)
      if (map.stats().level !== before) levels.add(before)
      await new Promise(setImmediate) // lets the workers' ends be heard of
    }
    await done
    expect(rounds).toBeGreaterThan(3)
    expect(levels.size, 'iterations during which the table grew').toBeGreaterThan(1)
    expectExactlyOnce(map)
    map.check()
    map.dispose()
  })
})

function expectExactlyOnce(map: SharedMap<string, string>): void {
  const seen = new Set<string>()
  let staying = 0
  for (const [key, value] of map) {
    if (seen.has(key)) throw new Error(`${key} was visited twice`)
    seen.add(key)
    if (key.startsWith('stay:')) staying++
    const reason = disprove(key, value)
    if (reason) throw new Error(`the value of ${key} ${reason}`)
  }
  expect(staying).toBe(STAYING)
}
