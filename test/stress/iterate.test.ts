// Iteration while others insert, delete and split: what stays is visited exactly once, nothing twice.
import { describe, expect, it } from 'vitest'
import { SharedMap } from 'tophash'
import { sized } from '../support/size.js'
import { spawn } from '../support/workers.js'
import type { FillJob } from './jobs.js'
import { disprove, prove } from './proof.js'

const STAYING = 3000
const ADDS = sized(80_000, 150_000)
/** Behind each part there are three times as many as before, and more: the table has grown. */
const PARTS = [1 / 16, 1 / 4, 1].map((share) => share * ADDS)

describe('iterating while two threads insert and delete', () => {
  it('visits every entry that stays exactly once, and none twice', async () => {
    const map = new SharedMap<string, string>(null, { key: 'string', value: 'string', capacity: 1 })
    for (let i = 0; i < STAYING; i++) map.set(`stay:${i}`, prove(`stay:${i}`, 0, i, i % 200))
    const turn = new Int32Array(new SharedArrayBuffer(4))
    const job = { handle: map.handle, adds: ADDS, turn, parts: PARTS }
    const fillers = [1, 2].map((index) => spawn('stress/fill', { ...job, index } satisfies FillJob))
    for (const filler of fillers) expect(await filler.message()).toBe('ready')
    let busy = true
    const done = Promise.all(fillers.map(({ results }) => results)).finally(() => (busy = false))
    for (let round = 0; busy || round < PARTS.length; round++) {
      expectExactlyOnce(map, () => round < PARTS.length && growInBetween(map, turn))
      await new Promise(setImmediate) // lets the workers' ends be heard of
    }
    await done
    expectExactlyOnce(map)
    map.check()
    map.dispose()
  })
})

/** In the middle of an iteration the others go on with what they add, until the table is larger. */
function growInBetween(map: SharedMap<string, string>, turn: Int32Array): void {
  const { level } = map.stats()
  Atomics.add(turn, 0, 1)
  Atomics.notify(turn, 0)
  const nothing = new Int32Array(new SharedArrayBuffer(4))
  for (let looks = 0; map.stats().level === level; looks++) {
    if (looks > 60_000) throw new Error('the table does not grow')
    Atomics.wait(nothing, 0, 0, 1)
  }
}

function expectExactlyOnce(map: SharedMap<string, string>, inTheMiddle: () => unknown = () => {}): void {
  const seen = new Set<string>()
  let staying = 0
  for (const [key, value] of map) {
    if (seen.size === STAYING / 2) inTheMiddle()
    if (seen.has(key)) throw new Error(`${key} was visited twice`)
    seen.add(key)
    if (key.startsWith('stay:')) staying++
    const reason = disprove(key, value)
    if (reason) throw new Error(`the value of ${key} ${reason}`)
  }
  expect(staying).toBe(STAYING)
}
