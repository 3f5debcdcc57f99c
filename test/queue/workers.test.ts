// Threads that push and pop at once, in all ways: nothing is lost, or seen twice, or in another order than its producer's, or half.
import { describe, expect, it } from 'vitest'
import { sized } from '../support/size.js'
import { IN_ORDER, scene } from './both-ends.js'
import type { Way } from './work.worker.js'

describe('threads at both ends', () => {
  const PAIRS: readonly (readonly [Way, Way])[] = [
    ['one by one', 'one by one'],
    ['many', 'many'],
    ['async', 'async'],
    ['one by one', 'received'],
    ['many', 'drained'],
    ['async', 'many'],
  ]

  it.each(PAIRS)('that push %s and pop %s lose nothing and see nothing twice', async (push, pop) => {
    const count = sized(300, 20_000)
    for (const capacity of sized([5], [1, 7, 500])) {
      const { heap, queue, start } = scene(capacity, count, capacity !== 7)
      const consumers = [0, 1].map((id) => start('consumer', id, pop))
      const producers = [1, 2].map((id) => start('producer', id, push))
      await Promise.all(producers.map(({ results }) => results))
      queue.close()
      const reports = await Promise.all(consumers.map(({ results }) => results))
      expect(reports).toEqual([[IN_ORDER], [IN_ORDER]])
      const seen = heap.map<number, number>('seen', { key: 'number', value: 'number' })
      expect(seen.size).toBe(2 * count)
      expect(Math.max(...seen.values())).toBe(1)
      heap.check()
      heap.dispose()
    }
  })
})
