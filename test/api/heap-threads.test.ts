// SharedHeap between real threads: the same name at the same moment, and maps that are deleted while others use them.
import { setTimeout } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { SharedHeap, SharedMap } from 'tophash'
import type { Outcome, Task } from './heap.worker.js'
import { untilRecovered } from '../support/ended.js'
import { expectError, thrownBy } from '../support/errors.js'
import { type Spawned, spawn } from '../support/workers.js'

describe('threads that open the same name at the same moment', () => {
  it('get the same map', async () => {
    const heap = newHeap()
    const [rounds, gate] = [300, newGate()]
    const task = { do: 'meet', handle: heap.handle, rounds, gate, threads: 2 } as const
    const workers = [start(task), start(task)]
    for (const { results } of workers) expect(await results).toEqual([{ refused: rounds }])
    expect(heap.names()).toHaveLength(rounds)
    for (let round = 0; round < rounds; round++) {
      using map = heap.map(`round ${round}`, { key: 'string', value: 'number' })
      expect([...map], `round ${round}`).toEqual([['threads', 2]])
    }
    expect(heap.stats()).toMatchObject({ threads: 1, collections: rounds }) // those that came second were given back
    heap.check()
  })
})

describe('collections without a name', () => {
  it.each(['ends', 'is terminated'])(
    'are freed when the thread that made them %s, but for what another one has open',
    async (how) => {
      const heap = newHeap()
      const { heapBytes } = heap.stats()
      const gate = newGate()
      const { worker, message, results } = start({ do: 'make', handle: heap.handle, gate })
      const { handle } = await message()
      const map = SharedMap.attach<string, number>(handle)
      expect([heap.stats().collections, map.get('ann')]).toEqual([3, 1])
      if (how === 'ends') {
        Atomics.store(gate, 0, 1)
        Atomics.notify(gate, 0)
        await results
      } else {
        await worker.terminate()
        await untilRecovered(heap)
      }
      expect(heap.stats()).toMatchObject({ threads: 1, collections: 1 })
      expect([map.increment('ann'), map.set('bob', 2).size]).toEqual([2, 2])
      heap.check()
      map.dispose()
      expect(heap.stats()).toMatchObject({ collections: 0 })
      expect(heap.stats().heapBytes).toBeLessThanOrEqual(heapBytes + 4 * 65_536) // the other thread's scratch page and chunk
      heap.check()
      expectError(
        thrownBy(() => SharedMap.attach(handle)),
        'ERR_BAD_HANDLE',
        'by dispose() or by ending, before this one attached',
      )
    },
  )
})

describe('a map that is deleted', () => {
  it('is refused to a thread that has it open, which gets a new one by its name', async () => {
    const heap = newHeap()
    const map = heap.map('map').set('key', 1)
    for (let n = 0; n < 200; n++) map.set(n, n)
    const gate = newGate()
    const worker = start({ do: 'use', handle: heap.handle, gate })
    await reaches(gate, 1)
    expect(heap.delete('map')).toBe(true)
    Atomics.store(gate, 0, 2)
    Atomics.notify(gate, 0)
    expect(await worker.results).toEqual([{ before: 1, codes: new Array<string>(5).fill('ERR_DISPOSED'), size: 0 }])
    expect(heap.stats().collections).toBe(1)
    heap.check()
  })

  it('while two threads write to it, and are fast to make another, leaves nothing behind', async () => {
    const heap = newHeap()
    const gate = newGate()
    const workers = [0, 1].map((thread) => start({ do: 'write', handle: heap.handle, gate, thread }))
    await reaches(gate, 2)
    let deleted = 0
    const haveSeenIt = (): boolean => [2, 3].every((word) => Atomics.load(gate, word) === 1)
    for (let n = 0; n < 300 || !haveSeenIt(); n++) {
      if (heap.delete('map')) deleted++
      await setTimeout(1)
    }
    Atomics.store(gate, 1, 1)
    const outcomes = (await Promise.all(workers.map(({ results }) => results))).flat()
    for (const { wrong, reopened, writes } of outcomes) {
      expect(wrong).toBe(0)
      expect(writes).toBeGreaterThan(1000)
      expect(reopened).toBeGreaterThan(0)
      expect(reopened).toBeLessThanOrEqual(deleted)
    }
    heap.check()
    heap.delete('map')
    expect(heap.stats()).toMatchObject({ threads: 1, collections: 0 })
    heap.check()
  }, 60_000)
})

function start(task: Task): Spawned<Outcome> {
  return spawn<Outcome>('api/heap', task)
}

/** How many threads are there; whether they are to stop; and of each whether it has written enough. */
function newGate(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(16))
}

/** Waits until so many threads are there. */
async function reaches(gate: Int32Array, count: number): Promise<void> {
  while (Atomics.load(gate, 0) < count) await setTimeout(1)
}

function newHeap(): SharedHeap {
  return new SharedHeap({ maxBytes: 64 << 20 })
}
