// Messages that no test can come to by itself, as a heap of 4 GiB would have to be filled.
import { expect, it } from 'vitest'
import { MAX_PAGES } from '../../src/core/exports.js'
import { HEADER, SCRATCH, STATUS } from '../../src/core/layout.js'
import { failure, retold } from '../../src/core/failure.js'

/** A full heap of so many pages. */
function heapOf(maxPages: number): Parameters<typeof failure>[0] {
  const words = new Int32Array(4096)
  words[HEADER.maxPages / 4] = maxPages
  return {
    thread: 1,
    scratch: 4096,
    words,
    deaths: { words },
    isTellingTime: false,
    wordAt: (at) => words[at / 4]! >>> 0,
    mend: () => {},
  }
}

it('a full heap is told to have a larger maxBytes only if it can', () => {
  expect(failure(heapOf(MAX_PAGES), STATUS.outOfMemory).message).toMatch(
    /4294967296 bytes\).*try again, or use several heaps: one has 4 GiB at most\.$/,
  )
  expect(failure(heapOf(MAX_PAGES - 1), STATUS.outOfMemory).message).toMatch(/try again, or give .* a larger maxBytes\.$/)
})

it('an error that is retold says what was done, and gives advice about memory only where that is lacking', () => {
  const outcome = { done: 'So much was done', remedy: 'Do less' }
  expect(retold(failure(heapOf(10), STATUS.outOfMemory), outcome)).toMatchObject({
    code: 'ERR_OUT_OF_MEMORY',
    message: 'The heap has no room left (it may have 655360 bytes). So much was done. Do less.',
  })
  const heap = heapOf(10)
  heap.words[(heap.scratch + SCRATCH.owner) / 4] = 7
  expect(retold(failure(heap, STATUS.ownerUnresponsive), outcome)).toMatchObject({
    code: 'ERR_OWNER_UNRESPONSIVE',
    message: expect.stringMatching(/^Thread 7 has held .* So much was done\. Try again when/) as string,
  })
  const foreign = new Error('from a callback')
  expect(retold(foreign, outcome)).toBe(foreign)
})
