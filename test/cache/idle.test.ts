// Idle times, step by step: while one thread reads an entry, at each of its steps another finds that it has ended, or moves it, or
// writes to it. What has ended does not come back, and what was used does not end early.
import { describe, expect, it } from 'vitest'
import { CHECKPOINTS, SCRATCH, STATUS } from '../../src/core/layout.js'
import { Actor } from '../harness/core/actor.js'
import { Death, Failure, passTime } from '../harness/core/thread.js'
import { CACHE, type Options } from '../harness/structures/cache/core.js'
import { RANDOM } from '../support/hashes.js'

const IDLE = 1_000_000
const OPTIONS: Options = { key: 'number', value: 'number', max: 10_000, idle: IDLE }

/** Two threads that have a cache open. */
class World {
  readonly reader: Actor
  readonly other: Actor
  capacity = 50
  #newest = 0

  constructor() {
    const memory = new WebAssembly.Memory({ initial: 16, maximum: 4096, shared: true })
    this.reader = new Actor(memory)
    this.reader.core.initializeHeap(4096, 1, 2, ...RANDOM)
    this.reader.attach()
    this.reader.core.createDirectory()
    const table = CACHE.make(this.reader.core, OPTIONS, false, memory)
    this.reader.open(table)
    this.reader.core.keepCollection()
    this.other = new Actor(memory).attach().open(table)
  }

  /** An entry whose end the next read pushes. */
  newKey(): number {
    this.other.run(this.other.core.set, this.other.stripe, ++this.#newest, { of: 1 })
    passTime(IDLE / 2)
    return this.#newest
  }

  has(key: number): boolean {
    return this.other.run(this.other.core.has, this.other.stripe, key) === STATUS.found
  }

  /** The reader gets a key; at its n-th step, unless it holds a lock there, something happens. Undefined: it has not so many. */
  getWith(key: number, n: number, act: () => void): boolean | undefined {
    let steps = 0
    let isLocked = false
    let hasActed = false
    this.reader.hook = (id) => {
      const name = CHECKPOINTS[id]
      if (name === 'LockIntended' || name === 'LockTaken') isLocked = true
      if (name === 'LockReleased') isLocked = false
      if (steps++ < n || hasActed || isLocked) return
      hasActed = true
      act()
    }
    const found = this.reader.run(this.reader.core.get, this.reader.stripe, key) === STATUS.found
    this.reader.hook = () => {}
    return hasActed ? found : undefined
  }
}

/** Ways of finding an entry absent that leave it where it is. */
const LOOKS: Record<string, (world: World, key: number) => boolean> = {
  has: (world, key) => !world.has(key),
  get: ({ other }, key) => other.run(other.core.get, other.stripe, key) === STATUS.absent,
  touch: ({ other }, key) => other.run(other.core.touch, other.stripe, key) === STATUS.absent,
  compareAndSet: ({ other }, key) =>
    other.run(other.core.compareAndSet, other.stripe, key, { of: 1 }, { of: 1 }) !== STATUS.matched,
}

describe.each(Object.entries(LOOKS))('what has ended for another thread by %s', (_, isAbsent) => {
  it('does not come back, whatever a read was in the middle of', () => {
    const world = new World()
    let tried = 0
    for (let n = 0; ; n++) {
      const key = world.newKey()
      let hasEnded = false
      const found = world.getWith(key, n, () => {
        passTime(IDLE)
        hasEnded = isAbsent(world, key)
      })
      if (found === undefined) break
      if (!hasEnded) continue // the read was a use already
      expect(world.has(key), `step ${n}`).toBe(false)
      if (found) tried++
    }
    expect(tried, 'reads of what had ended meanwhile').toBeGreaterThan(0)
    expect(world.reader.core.checkHeap()).toBe(0)
  })
})

/** What others do to an entry that is being read, and whether it is still there then. */
const CHANGES: Record<string, (world: World, key: number) => unknown> = {
  'moves it': (world) => world.other.core.reserve(world.other.stripe, (world.capacity *= 2)),
  'replaces it by one that was used before': ({ other }, key) => other.run(other.core.set, other.stripe, key, { of: 1 }),
  'makes others beside it': ({ other }, key) => {
    for (let i = 0; i < 20; i++) other.run(other.core.set, other.stripe, 100_000 + 100 * key + i, { of: 1 })
  },
}

describe.each(Object.entries(CHANGES))('what was read while another thread %s', (_, change) => {
  // Whether an entry moves depends on its hash: so it is done to several.
  it.each([1, 2, 3, 4, 5, 6])('does not end early (%i)', (turn) => {
    const world = new World()
    for (let i = 1; i < turn; i++) world.newKey()
    let tried = 0
    for (let n = 0; ; n++) {
      const key = world.newKey()
      const found = world.getWith(key, n, () => change(world, key))
      if (found === undefined) break
      expect(found).toBe(true)
      passTime(IDLE - 10_000) // each look at the clock takes a millisecond
      expect(world.has(key), `step ${n}`).toBe(true)
      passTime(IDLE / 8)
      expect(world.has(key), `step ${n}`).toBe(false)
      tried++
    }
    expect(tried).toBeGreaterThan(3)
    expect(world.reader.core.checkHeap()).toBe(0)
  })
})

it('a write with another idle time happens with it or not at all: a thread that dies at it leaves the one or the other', () => {
  let died = 0
  for (let n = 0; ; n++) {
    const world = new World()
    const { reader, other } = world
    other.run(other.core.set, other.stripe, 1, { of: 1 })
    let steps = 0
    reader.hook = () => {
      if (steps++ === n) throw new Death()
    }
    reader.core.setTimes(reader.stripe, NaN, 100 * IDLE, false)
    try {
      reader.run(reader.core.set, reader.stripe, 1, { of: 2 })
      break
    } catch (error) {
      if (!(error instanceof Death)) throw error
    }
    other.markDead(reader.id)
    expect(new Actor(reader.memory).core.recover(reader.id, other.id)).toBe(1)
    expect(other.core.checkHeap()).toBe(0)
    other.run((stripe) => other.core.peek(stripe, false), other.stripe, 1)
    const isWritten = other.view().getFloat64(other.scratch + SCRATCH.word, true) === 2
    passTime(2 * IDLE)
    expect(world.has(1), `step ${n}`).toBe(isWritten)
    died++
  }
  expect(died).toBeGreaterThan(5)
})

it('an entry in an overflow bucket lives on by reads, and does not come back either', () => {
  const world = new World()
  const { other } = world
  // So many that some are in overflow buckets, of a table that is as small as it can be.
  const keys = Array.from({ length: 600 }, (_, i) => i)
  for (const key of keys) other.run(other.core.set, other.stripe, key, { of: 1 })
  for (let round = 0; round < 4; round++) {
    passTime(IDLE * 0.9)
    for (const key of keys) expect(() => other.run(other.core.get, other.stripe, key)).not.toThrow(Failure)
  }
  expect(keys.filter((key) => !world.has(key))).toEqual([])
  passTime(2 * IDLE)
  expect(keys.filter((key) => world.has(key))).toEqual([])
  for (const key of keys) expect(other.run(other.core.get, other.stripe, key)).toBe(STATUS.absent)
  expect(other.core.checkHeap()).toBe(0)
})
