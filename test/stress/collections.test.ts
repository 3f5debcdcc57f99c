// Many threads, one heap, collections that come and go: all who open a name get the same collection, nobody ever sees what
// belongs to another, and what was deleted gives its memory back.
import { describe, expect, it } from 'vitest'
import { SharedHeap } from 'tophash'
import { sized } from '../support/size.js'
import { spawn } from '../support/workers.js'
import { type CollectionsJob, newGate } from './jobs.js'
import { seedOf } from './random.js'

const THREADS = 4
const ROUNDS = sized(200, 500)
/** Rounds of each of four parts, in which collections come and go. */
const CHANGES = sized(700, 3_000)
const NAMES = 3

function start(heap: SharedHeap, seed: number, rounds: number, names: number): Promise<unknown> {
  const gate = newGate()
  return Promise.all(
    Array.from(
      { length: THREADS },
      (_, index) =>
        spawn('stress/collections', {
          handle: heap.handle,
          index,
          threads: THREADS,
          seed,
          rounds,
          names,
          gate,
        } satisfies CollectionsJob).results,
    ),
  )
}

describe('collections of a heap', () => {
  const seed = seedOf()

  it('are the same for all threads that open a name at the same moment', async () => {
    const heap = new SharedHeap()
    await start(heap, seed, ROUNDS, 0)
    expect(heap.names()).toHaveLength(ROUNDS)
    for (const name of heap.names()) {
      const map = heap.map(name, { key: 'string', value: 'number' })
      expect([...map]).toEqual([['opened', THREADS]])
      map.dispose()
    }
    expect(heap.stats().collections).toBe(ROUNDS) // those of the threads that came too late are not there any more
    heap.check()
    heap.dispose()
  })

  it(`are made, written and deleted by all at once (seed ${seed})`, async () => {
    const heap = new SharedHeap()
    const sizes: number[] = []
    for (let part = 0; part < 4; part++) {
      await start(heap, seed + part, CHANGES, NAMES)
      heap.check()
      sizes.push(heap.stats().heapBytes)
    }
    for (const name of heap.names()) expect(heap.delete(name)).toBe(true)
    heap.check()
    expect(heap.stats().collections).toBe(0)
    expect(heap.stats().threads).toBe(1)
    // Each thread may keep chunks and free blocks of its own; but four times the work takes no four times the memory.
    expect(sizes.at(-1)!).toBeLessThan(2 * sizes[0]!)
    heap.dispose()
  })
})
