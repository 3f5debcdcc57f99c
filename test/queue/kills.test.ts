// Threads that push and pop, and are killed at it: each item that was acknowledged arrives, whole, in the order of its producer,
// once (or again, if it was received by one who died); the others go on; the heap is whole.
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { SharedHeap, SharedQueue } from 'tophash'
import { asked } from '../support/size.js'
import { randomOf, seedOf } from '../stress/random.js'
import { IN_ORDER, scene } from './both-ends.js'
import type { Item, Way } from './work.worker.js'

const seed = seedOf()

describe(`threads that are killed (seed ${seed})`, () => {
  const WAYS: readonly (readonly [Way, Way])[] = [
    ['one by one', 'one by one'],
    ['many', 'many'],
    ['async', 'received'],
    ['one by one', 'drained'],
  ]

  it.each(WAYS)('while they push %s and pop %s: what was acknowledged arrives', async (push, pop) => {
    const random = randomOf(seed)
    for (let round = 0; round < asked('TOPHASH_KILLS', 3, 60); round++) {
      const capacity = [1, 5, 200][round % 3]!
      const { heap, queue, start } = scene(capacity, 1e9, round % 2 === 0)
      const isKillingConsumers = round % 4 < 2
      const consumers = [0, 1].map((id) => start('consumer', id, pop))
      const producers = [1, 2, 3].map((id) => start('producer', id, push))
      await sleep(60 + random(60))
      const victims = [producers[0]!, ...(isKillingConsumers ? [consumers[0]!] : [])]
      await Promise.all(victims.map(({ worker, results }) => Promise.all([worker.terminate(), results.catch(() => {})])))
      await sleep(20)
      const rest = producers.slice(1)
      await Promise.all(rest.map(({ worker, results }) => Promise.all([worker.terminate(), results.catch(() => {})])))
      heap.recover()
      queue.close()
      const reports = await Promise.all(consumers.slice(isKillingConsumers ? 1 : 0).map(({ results }) => results))
      heap.recover()
      expectAllSeen(heap, queue, isKillingConsumers ? pop : undefined)
      const isAgain = isKillingConsumers && (pop === 'received' || pop === 'drained') // then an older item comes after a newer one
      for (const [report] of reports) expect(report).toEqual(isAgain ? { ...report, broken: 0 } : IN_ORDER)
      heap.check()
      heap.dispose()
    }
  })
})

/** `killed`: how the consumer took items that was killed. */
function expectAllSeen(heap: SharedHeap, queue: SharedQueue<Item>, killed: Way | undefined): void {
  const acknowledged = heap.map<number, number>('acknowledged', { key: 'number', value: 'number' })
  const seen = heap.map<number, number>('seen', { key: 'number', value: 'number' })
  expect([queue.size, queue.stats().received]).toEqual([0, 0])
  let missing = 0
  for (const [producer, count] of acknowledged) {
    for (let n = 0; n < count; n++) if (!seen.has(producer * 1e9 + n)) missing++
  }
  // Who is killed between a pop and its note of that has taken what it popped; who had received it has given it back.
  const mayMiss = killed === 'one by one' ? 1 : killed === 'many' ? 20 : 0
  expect(missing).toBeLessThanOrEqual(mayMiss)
  const again = [...seen.values()].filter((times) => times > 1).length
  expect(again).toBeLessThanOrEqual(killed === 'received' ? 10 : killed === 'drained' ? 30 : 0)
}
