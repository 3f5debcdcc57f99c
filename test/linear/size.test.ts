// The size while others write: a sum of what each thread has counted, each at a moment of its own.
import { expect, it } from 'vitest'
import { SharedMap, type SharedMapHandle } from 'tophash'
import { anotherCopy } from '../support/copies.js'
import { wordsOf } from '../support/memory.js'
import { sized } from '../support/size.js'
import { slotWord } from '../support/slots.js'
import { spawn } from '../support/workers.js'
import type { FlickerJob } from '../harness/histories/job.js'
import { SLOT_KIND, MAX_THREADS, SLOT, STRIPES_AT } from '../../src/core/layout.js'
import { TABLE_STRIPE } from '../../src/table/layout.js'

const other = await anotherCopy('other')
const LOOKS = sized(500_000, 2_000_000)
/** Of each size: it goes on until it has seen it so often. */
const LEAST = sized(100, 1000)
const timeout = 600_000

it('the size is not less than nothing where a removal is in the sum and the insertion before it is not', () => {
  const map = new SharedMap<number, number>(null, { key: 'number', value: 'number' })
  const { handle } = map
  map.set(1, 1)
  other.SharedMap.attach<number, number>(handle).delete(1)
  // What this thread has counted, as one sees it who looked before the insertion, and at the remover's count after the removal.
  const words = wordsOf(handle)
  const count = (words[(handle.table + STRIPES_AT) / 4]! + TABLE_STRIPE.count) / 4
  expect([map.size, words[count]]).toEqual([0, 1])
  words[count] = 0
  expect(map.size).toBe(0)
  words[count] = 1
  map.check()
})

it('the size is never less than nothing, even if a removal is counted without the insertion', { timeout }, async () => {
  const map = new SharedMap<number, number>(null, { key: 'number', value: 'number' })
  const { handle } = map
  const stop = new Int32Array(new SharedArrayBuffer(4))
  const adder = spawn('linear/flicker', { handle, adds: true, stop } satisfies FlickerJob)
  await adder.message()
  // The remover gets the last slot, so that its stripe is read long after the adder's.
  const giveBack = occupy(handle, MAX_THREADS - 1)
  const remover = spawn('linear/flicker', { handle, adds: false, stop } satisfies FlickerJob)
  await remover.message()
  giveBack()

  const seen = new Map<unknown, number>()
  const isSeen = (size: number): boolean => (seen.get(size) ?? 0) > LEAST
  for (let looks = 0; looks < LOOKS || !(isSeen(0) && isSeen(1)); looks++) {
    const size = sizeOf(map)
    seen.set(size, (seen.get(size) ?? 0) + 1)
    if (looks % 10_000 === 0) await new Promise(setImmediate) // so that time can be over
  }
  Atomics.store(stop, 0, 1)
  await Promise.all([adder.results, remover.results])
  expect(Array.from(seen.keys()).filter((size) => !(Number(size) >= 0))).toEqual([])
  expect(map.size).toBe([...map].length)
  map.check()
  map.dispose()
})

/** The size, or why there is none. */
function sizeOf(map: SharedMap): unknown {
  try {
    return map.size
  } catch (error) {
    return (error as { code?: unknown }).code
  }
}

const STATE_MASK = 3

/** Has all free slots but the last look as if threads were in them, until what is returned is called. */
function occupy(handle: SharedMapHandle, last: number): () => void {
  const words = wordsOf(handle)
  const all = Array.from({ length: last }, (_, index) => slotWord(index + 1, SLOT.state))
  const free = all.filter((at) => (words[at]! & STATE_MASK) === SLOT_KIND.free)
  const before = free.map((at) => words[at]!)
  for (const at of free) words[at]! |= SLOT_KIND.attached
  return () => free.forEach((at, index) => (words[at] = before[index]!))
}
