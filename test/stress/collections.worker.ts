// Opens collections of one heap by their names, at the same moment as other threads, or makes, uses and deletes them at random.
import { parentPort, workerData } from 'node:worker_threads'
import { SharedHeap, TophashError } from 'tophash'
import { type CollectionsJob, meet } from './jobs.js'
import { randomOf } from './random.js'

const { handle, index, threads, seed, rounds, names, gate } = workerData as CollectionsJob
const heap = SharedHeap.attach(handle)
const random = randomOf(seed + index)

if (names === 0) openTogether()
else for (let round = 0; round < rounds; round++) useOne(random(names))
heap.dispose()
parentPort!.postMessage('done')

/** All threads open one name after the other, and leave their mark in each. */
function openTogether(): void {
  for (let round = 0; round < rounds; round++) {
    meet(gate, threads, round + 1)
    const map = heap.map(`round ${round}`, { key: 'string', value: 'number' })
    map.increment('opened')
    map.dispose()
  }
}

/**
 * Writes to a collection, which others may delete at any moment, and now and then deletes it. What is read must be
 * what was written for this name: a write to a deleted collection must not show up in one that was made of its memory.
 */
function useOne(name: number): void {
  const map = heap.map(`name ${name}`, { key: 'number', value: 'string' })
  try {
    for (let i = 0; i < 50; i++) {
      const key = random(500)
      map.set(key, `${name}:${key}:${'.'.repeat(random(100))}`)
      const other = random(500)
      expectNamed(map.get(other), name, other)
    }
    if (random(8) === 0) for (const [key, value] of map) expectNamed(value, name, key)
    if (random(4) === 0) heap.delete(`name ${name}`)
  } catch (error) {
    if (!(error instanceof TophashError) || error.code !== 'ERR_DISPOSED') throw error
  } finally {
    map.dispose()
  }
}

function expectNamed(value: string | undefined, name: number, key: number): void {
  if (value !== undefined && !value.startsWith(`${name}:${key}:`)) throw new Error(`In name ${name}, ${key} holds ${value}`)
}
