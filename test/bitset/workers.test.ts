// Threads that test and set the same bits at once, and are killed at it.
import { setTimeout } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { type SharedBitset, SharedHeap } from 'tophash'
import { sized } from '../support/size.js'
import { spawn } from '../support/workers.js'
import { newGate } from '../stress/jobs.js'
import type { HalvesWork } from './halves.worker.js'
import type { Work } from './work.worker.js'

const LENGTH = sized(1_000_000, 10_000_000)
const STEPS = [1, 7, 999_983, 3]

function start(bits: SharedBitset, mine: SharedBitset, index: number): ReturnType<typeof spawn<{ won: number; seen: number }>> {
  return spawn('bitset/work', { bits: bits.handle, step: STEPS[index]!, mine: mine.handle } satisfies Work)
}

describe('threads that set the same bits', () => {
  it('win each of them once, and see all in the end', async () => {
    using heap = new SharedHeap()
    const [bits, ...own] = Array.from({ length: 3 }, (_, n) => heap.bitset(`bits ${n}`, { length: LENGTH }))
    const workers = own.map((mine, index) => start(bits!, mine, index))
    const reports = (await Promise.all(workers.map(({ results }) => results))).flat() // they have left the heap
    expect(reports.reduce((sum, { won }) => sum + won, 0)).toBe(LENGTH)
    expect(own.map((mine) => mine.size)).toEqual(reports.map(({ won }) => won))
    expect([own[0]!.intersects(own[1]!), bits!.size, bits!.nextUnset()]).toEqual([false, LENGTH, -1])
    heap.check()
  })

  it('leave the other half of each word alone when they combine theirs with another bitset', async () => {
    using heap = new SharedHeap()
    const bits = heap.bitset('halves', { length: 64 * 16 })
    const shared = { bits: bits.handle, rounds: sized(20_000, 100_000), gate: newGate() }
    const workers = [0, 1].map((half) => spawn<number>('bitset/halves', { ...shared, half } satisfies HalvesWork))
    expect((await Promise.all(workers.map(({ results }) => results))).flat()).toEqual([0, 0])
    expect(bits.size).toBe(0)
    heap.check()
  })

  it('and are killed at it leave nothing half done', async () => {
    const rounds = sized(10, 60)
    for (let round = 0; round < rounds; round++) {
      using heap = new SharedHeap()
      const [bits, ...own] = Array.from({ length: 4 }, (_, n) => heap.bitset(`bits ${n}`, { length: LENGTH }))
      const [first, ...victims] = own.map((mine, index) => start(bits!, mine, index))
      await setTimeout(round * 2)
      await Promise.all(victims.map(({ worker, results }) => Promise.all([worker.terminate(), results.catch(() => [])])))
      const [{ won, seen }] = (await first!.results) as [{ won: number; seen: number }]
      expect(seen).toBe(LENGTH)
      // A thread may die between a bit that it has won and its own note of that: one of each.
      const noted = own.reduce((sum, mine) => sum + mine.size, 0)
      expect(own[0]!.size).toBe(won)
      expect(LENGTH - noted).toBeLessThanOrEqual(victims.length)
      heap.recover()
      heap.check()
    }
  })
})
