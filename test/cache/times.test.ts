// Times to the millisecond, however long: they lie in two parts in a bucket, and begin with the first moment that a cache has seen.
import { describe, expect, it } from 'vitest'
import { SharedCache } from 'tophash'
import { SCRATCH } from '../../src/core/layout.js'
import { Actor } from '../harness/core/actor.js'
import { Death } from '../harness/core/thread.js'
import { CACHE, type Options } from '../harness/structures/cache/core.js'
import { RANDOM } from '../support/hashes.js'

const DAY = 86_400_000
/** What ends at all ends so many milliseconds after the first moment at the latest. */
const LAST = 2 ** 40 - 2

function timed(max: number, begin = 0) {
  const clock = { now: begin }
  const cache = new SharedCache<number, number>({ key: 'number', value: 'number', max, now: () => clock.now })
  return { cache, clock }
}

/** Beside others, some of which differ from them in the low part or in the high part only. */
const TIMES = [1, 7, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 7, 90 * DAY, 3 * 2 ** 32 + 7, 365 * DAY, 3650 * DAY, 12_000 * DAY]

describe.each([0, 1, 2 ** 31, 1_700_000_000_000])('on a clock that begins at %i', (begin) => {
  it.each([10, 10_000])('entries end at their moment, in a cache of %i', (max) => {
    const { cache, clock } = timed(max, begin)
    TIMES.forEach((ttl, key) => cache.set(key, key, { ttl }))
    for (let key = TIMES.length; key < max; key++) cache.set(key, key) // the table grows
    expect(TIMES.map((_, key) => cache.remaining(key))).toEqual(TIMES)
    TIMES.forEach((ttl, key) => {
      clock.now = begin + ttl - 1
      expect([cache.remaining(key), cache.get(key)]).toEqual([1, key])
      clock.now = begin + ttl
      expect([cache.remaining(key), cache.get(key)]).toEqual([undefined, undefined])
    })
    expect(cache.remaining(max - 1)).toBe(max > 10 ? Infinity : undefined)
    cache.check()
  })

  it('a new time changes none of another entry', () => {
    const { cache, clock } = timed(8, begin) // of one bucket
    const times = TIMES.slice(0, 8)
    times.forEach((ttl, key) => cache.set(key, 1, { ttl }))
    clock.now++
    for (let key = 1; key < 8; key++) {
      const ttl = times[(key * 3) % 8]!
      cache.set(key, 2, { ttl })
      times[key] = ttl + 1
      expect(times.map((_, one) => cache.remaining(one) ?? 0)).toEqual(times.map((time) => time - 1))
      cache.touch(key, 2 ** 33 + key)
      times[key] = 2 ** 33 + key + 1
      expect(times.map((_, one) => cache.remaining(one) ?? 0)).toEqual(times.map((time) => time - 1))
    }
  })
})

describe('a time', () => {
  it('of a fraction of a millisecond is over with the millisecond', () => {
    const { cache, clock } = timed(10)
    cache.set(1, 1, { ttl: 0.25 }).set(2, 2, { ttl: 1.5 })
    expect([cache.get(1), cache.get(2)]).toEqual([1, 2])
    clock.now = 1
    expect([cache.get(1), cache.get(2)]).toEqual([undefined, 2])
    clock.now = 2
    expect(cache.get(2)).toBeUndefined()
  })

  it('ends 34 years after the first moment at the latest, however long it is', () => {
    const { cache, clock } = timed(10, 5)
    cache.set(1, 1).set(2, 2, { ttl: LAST }).set(3, 3, { ttl: 1e300 })
    expect([1, 2, 3].map((key) => cache.remaining(key))).toEqual([Infinity, LAST, LAST])
    clock.now = 5 + LAST - 1
    expect([1, 2, 3].map((key) => cache.get(key))).toEqual([1, 2, 3])
    clock.now = 5 + LAST
    expect([1, 2, 3].map((key) => cache.get(key))).toEqual([1, undefined, undefined])
    clock.now = 1e300
    cache.set(4, 4, { ttl: 1000 })
    expect([cache.get(1), cache.get(4)]).toEqual([1, undefined])
    cache.check()
    const idle = new SharedCache<number, number>({ key: 'number', value: 'number', max: 10, idle: 2 ** 45, now: () => 7 })
    expect([idle.set(1, 1).get(1), idle.remaining(1)]).toEqual([1, LAST])
    idle.check()
  })

  it('begins when the clock first says one', () => {
    const { cache, clock } = timed(10, NaN)
    cache.set(1, 1, { ttl: 100 })
    clock.now = 1_700_000_000_000
    expect(cache.remaining(1)).toBe(100)
    clock.now += 99
    expect(cache.get(1)).toBe(1)
    clock.now++
    expect(cache.get(1)).toBeUndefined()
  })
})

it('a write with another time happens with it or not at all: a thread that dies at it leaves the one or the other', () => {
  const options: Options = { key: 'number', value: 'number', max: 10 }
  const [short, long] = [2 ** 20, 3 * 2 ** 33]
  let died = 0
  for (let n = 0; ; n++) {
    const memory = new WebAssembly.Memory({ initial: 16, maximum: 4096, shared: true })
    const writer = new Actor(memory)
    writer.core.initializeHeap(4096, 1, 2, ...RANDOM)
    writer.attach()
    writer.core.createDirectory()
    const table = CACHE.make(writer.core, options, false, memory)
    writer.open(table)
    writer.core.keepCollection()
    const other = new Actor(memory).attach().open(table)
    other.core.setTimes(other.stripe, short, NaN, false)
    other.run(other.core.set, other.stripe, 1, { of: 1 })
    writer.core.setTimes(writer.stripe, long, NaN, false)
    let steps = 0
    writer.hook = () => {
      if (steps++ === n) throw new Death()
    }
    try {
      writer.run(writer.core.set, writer.stripe, 1, { of: 2 })
      break
    } catch (error) {
      if (!(error instanceof Death)) throw error
    }
    other.markDead(writer.id)
    expect(new Actor(memory).core.recover(writer.id, other.id)).toBe(1)
    expect(other.core.checkHeap()).toBe(0)
    other.run((stripe) => other.core.peek(stripe, false), other.stripe, 1)
    const isWritten = other.view().getFloat64(other.scratch + SCRATCH.word, true) === 2
    const [least, most] = isWritten ? [long - 1000, long] : [short - 1000, short]
    const remaining = other.run((stripe) => other.core.remaining(stripe), other.stripe, 1)
    expect(remaining, `step ${n}`).toBeGreaterThan(least)
    expect(remaining, `step ${n}`).toBeLessThanOrEqual(most)
    died++
  }
  expect(died).toBeGreaterThan(5)
})
