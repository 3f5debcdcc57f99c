// Idle times of entries whose keys a thread knows by their blocks: what it reads so is used, whatever another thread does meanwhile.
import { describe, expect, it } from 'vitest'
import { CHECKPOINTS, RETIRED, SCRATCH, STATUS } from '../../src/core/layout.js'
import { Actor } from '../harness/core/actor.js'
import { passTime } from '../harness/core/thread.js'
import { CACHE, type Options } from '../harness/structures/cache/core.js'
import { type KnownKey, knownOf, readKnown } from '../harness/structures/hashmap/core.js'
import { getHot } from '../harness/structures/hashmap/operations.js'
import { RANDOM } from '../support/hashes.js'

const IDLE = 1_000_000
const OPTIONS: Options = { key: 'string', value: 'number', max: 10_000, idle: IDLE }
/** So many that some lie in overflow buckets. */
const ENTRIES = 50

/** Two threads that have a cache open, of which one knows its keys. */
class World {
  readonly reader: Actor
  readonly other: Actor
  #capacity = 50

  constructor() {
    const memory = new WebAssembly.Memory({ initial: 16, maximum: 4096, shared: true })
    this.reader = new Actor(memory)
    this.reader.core.initializeHeap(4096, 1, 2, ...RANDOM)
    this.reader.attach()
    const table = CACHE.make(this.reader.core, OPTIONS, false, memory)
    this.reader.open(table)
    this.reader.core.keepCollection()
    this.other = new Actor(memory).attach().open(table)
    for (let i = 0; i < ENTRIES; i++) this.other.run(this.other.core.set, this.other.stripe, `key ${i}`, { of: i })
    for (let i = 0; i < ENTRIES; i++) CACHE.perform(this.reader, getHot(`key ${i}`), OPTIONS)
    passTime(IDLE / 2) // now the next read of each pushes its end
  }

  /** Counts for a key what is counted when another one is removed whose block has the same counter. */
  removeNeighbour({ block }: KnownKey): void {
    const counters = new BigUint64Array(this.reader.memory.buffer, RETIRED.first, (RETIRED.end - RETIRED.first) / 8)
    Atomics.add(counters, (block >>> 5) % counters.length, 1n)
  }

  move(): void {
    this.other.core.reserve(this.other.stripe, (this.#capacity *= 2))
  }

  has(key: string): boolean {
    return this.other.run(this.other.core.has, this.other.stripe, key) === STATUS.found
  }

  hits(): number {
    this.reader.core.writeCacheStats(this.reader.stripe)
    return this.reader.view().getFloat64(this.reader.scratch + SCRATCH.value + 32, true)
  }
}

/** Reads a known key; at the n-th step, if there are so many, and unless a lock is held there, something happens. */
function readWith({ reader }: World, known: KnownKey, n: number, act: () => void): { isFound: boolean; hasActed: boolean } {
  let [steps, isLocked, hasActed] = [0, false, false]
  reader.hook = (id) => {
    const name = CHECKPOINTS[id]
    if (name === 'LockIntended' || name === 'LockTaken') isLocked = true
    if (name === 'LockReleased') isLocked = false
    if (steps++ < n || hasActed || isLocked) return
    hasActed = true
    act()
  }
  const answer = readKnown(reader, known, 'number')
  reader.hook = () => {}
  return { isFound: answer !== undefined, hasActed }
}

const CHANGES: Record<string, (world: World, known: KnownKey) => void> = {
  'a key is removed whose block has the same counter': (world, known) => world.removeNeighbour(known),
  'so is one, and the entry moves': (world, known) => {
    world.move()
    world.removeNeighbour(known)
  },
}

describe.each(Object.entries(CHANGES))('an entry that is found by its block while %s', (_, change) => {
  it('does not end early, and is counted once', () => {
    let tried = 0
    for (let n = 0; ; n++) {
      const world = new World()
      let acts = 0
      // Some lie in heads, others behind them, and some are moved.
      for (let i = 0; i < ENTRIES; i++) {
        const known = knownOf(world.reader, `key ${i}`)!
        const before = world.hits()
        const { isFound, hasActed } = readWith(world, known, n, () => change(world, known))
        if (!isFound) CACHE.perform(world.reader, { do: 'get', key: `key ${i}` }, OPTIONS)
        else if (hasActed) tried++
        if (hasActed) acts++
        expect(world.hits()).toBe(before + 1)
      }
      passTime(IDLE - 200_000) // each look at the clock takes a millisecond
      for (let i = 0; i < ENTRIES; i++) expect(world.has(`key ${i}`), `step ${n}, key ${i}`).toBe(true)
      if (acts === 0) break
    }
    expect(tried).toBeGreaterThan(50)
  })
})
