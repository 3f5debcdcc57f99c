// A thread ends while it takes its slot of a heap, or while it gives it back: at each step others can tell, and do.
import { expect, it } from 'vitest'
import { SharedHeap } from 'tophash'
import type { Visit } from './coming-and-going.worker.js'
import { spawn } from '../support/workers.js'
import { SLOT } from '../../src/core/layout.js'
import { wordsOf } from '../support/memory.js'
import { slotWord, threadsOf } from '../support/slots.js'

/** Stops a thread at the step with this number. Returns the step's name; undefined if there are not so many. */
async function endAt(at: number): Promise<string | undefined> {
  const heap = new SharedHeap()
  const { worker, message, results } = spawn<string>('api/coming-and-going', { handle: heap.handle, at } satisfies Visit)
  const step = await Promise.race([message(), results.then(() => undefined)])
  const there = threadsOf(heap.handle)
  const ids = there.map((thread) => wordsOf(heap.handle)[slotWord(thread, SLOT.id)])
  expect([step, ids]).toEqual([step, there]) // who recovers a thread takes locks by its id
  await worker.terminate()
  // The system may still know of a thread whose exit has been told of: then tophash looks again a little later.
  await expect.poll(() => threadsOf(heap.handle), { message: `ended at ${step}`, timeout: 10_000 }).toEqual([1])
  heap.check()
  heap.dispose()
  return step
}

it('a thread that ends while it comes or goes leaves nothing behind', async () => {
  const steps: string[] = []
  for (let at = 0; ; at++) {
    const step = await endAt(at)
    if (step === undefined) break
    steps.push(step)
  }
  expect(steps).toContain('SlotTaken')
  expect(steps.at(-1)).toBe('SlotGiven')
})
