import { type Encoded, isBlock, sameEncoded } from '../codecs/encoded.js'
import { runKey, runLoneKey, stageExpected, stageInHeap, stageLoneExpected, stageValue } from '../codecs/operands.js'
import { encodedResult } from '../codecs/payload.js'
import { needsPause, pause } from './contention.js'
import type { Universal } from '../core/exports.js'
import { SCRATCH, STATUS } from '../core/layout.js'
import { isOutOfMemory } from '../core/failure.js'
import { countWrite, isNoting, isWatched, noteWrite } from './reentrancy.js'
import { soon } from '../recovery/exceptions.js'
import type { AnyTable, Table } from './table.js'

// What can be done to one key of a table, with keys and values encoded: the slower way, for what has no fast one. Each of these is
// one operation of the core, so it is atomic; each that writes says so to whoever has to notice. What an exception leaves staged,
// mend() gives back: see operands.ts.

/** Says that this thread has made `after` of `before` at a key; undefined: there was, or is, no entry. */
export function wrote(
  { space, address, written }: AnyTable,
  key: Encoded,
  before: Encoded | undefined,
  after: Encoded | undefined,
): void {
  countWrite(written)
  if (isNoting) noteWrite(space, address, key, before, after)
}

/** The value of a key as it is stored; undefined: there is no entry. */
export function read(table: AnyTable, key: Encoded): Encoded | undefined {
  const { heap, stripe } = table
  const status = runLoneKey(heap, stripe, heap.core.get, key)
  if (status === STATUS.found) return encodedResult(heap)
  if (status === STATUS.outOfMemory) return readHeld(table, key)
  if (status < 0) throw table.failure(status)
  return undefined
}

/** The same for another try of an operation that others have overtaken `tries` times. */
export function readAgain(table: AnyTable, key: Encoded, tries: number): Encoded | undefined {
  return needsPause(tries) ? readHeld(table, key, pause) : read(table, key)
}

/** The same on a heap that has no room for a copy of the value: it is copied while the chain is locked. */
export function readHeld(table: AnyTable, key: Encoded, meanwhile?: () => void): Encoded | undefined {
  let found: Encoded | undefined
  pinning(table, key, (encoded) => {
    found = encoded
    meanwhile?.()
    return 'unpin'
  })
  return found
}

/** What a get of a map or a cache means that returned NaN. */
export function unusual<K, V>(table: Table<K, V>, key: K): V | undefined {
  const { heap } = table
  const status = heap.wordAt(heap.scratch + SCRATCH.status) | 0
  if (status === STATUS.found) return table.values.result()
  if (status === STATUS.absent) return undefined
  if (status !== STATUS.outOfMemory) throw table.failure(status)
  const encoded = readHeld(table, table.keys.pack(key)) // there was no room for a copy of a large value
  return encoded && table.values.unpack(encoded)
}

/** What ends a pin: nothing is done, or the entry is removed, or gets the value that is staged. */
type Ending = 'unpin' | 'removePinned' | 'replacePinned'

/**
 * Locks the chain of a key, shows what is there, and does what `decide` says. In between nothing may lock: a thread holds
 * one lock at a time.
 */
function pinning(table: AnyTable, key: Encoded, decide: (encoded: Encoded | undefined) => Ending): void {
  const { heap, stripe } = table
  const { core } = heap
  const pin = (stripe: number): number => {
    const status = core.pin(stripe)
    if (status < 0) return status
    let ending: Ending = 'unpin'
    try {
      ending = decide(status === STATUS.found ? encodedResult(heap, true) : undefined)
    } catch (error) {
      void soon.then(heap.mend)
      throw error
    } finally {
      core[ending]()
    }
    return status
  }
  checked(table, runLoneKey(heap, stripe, pin, key))
}

/** Whether there is an entry. */
export function holds(table: AnyTable, key: Encoded): boolean {
  const { heap, stripe } = table
  return checked(table, runLoneKey(heap, stripe, heap.core.has, key)) === STATUS.found
}

/** Sets a value. */
export function put(table: AnyTable, key: Encoded, value: Encoded): void {
  if (isNoting && isWatched(table)) return void change(table, key, () => value)
  write(table, table.heap.core.set, key, value)
  countWrite(table.written)
}

/** Sets a value unless there is one. Whether it did; if not, the results describe the value that is there. */
export function insert(table: AnyTable, key: Encoded, value: Encoded): boolean {
  const isInserted = write(table, table.heap.core.insert, key, value) === STATUS.inserted
  if (isInserted) wrote(table, key, undefined, value)
  return isInserted
}

/** The same where nobody wants to know what is there. */
function tryInsert(table: AnyTable, key: Encoded, value: Encoded): boolean {
  const isInserted = insert(table, key, value)
  if (!isInserted) table.heap.core.dropResult() // if it was too long for the scratch page
  return isInserted
}

/** Sets a value. INSERTED, or REPLACED with the value before described; SPARED, with nothing done: it has to be read first. */
export function exchange(table: AnyTable, key: Encoded, value: Encoded): number {
  const status = write(table, table.heap.core.exchange, key, value)
  countWrite(table.written)
  return status
}

/** Removes an entry. ABSENT, or REMOVED with its value described; SPARED likewise. */
export function take(table: AnyTable, key: Encoded): number {
  const { heap, stripe } = table
  const status = checked(table, runLoneKey(heap, stripe, heap.core.take, key))
  table.keys.forget?.(key)
  countWrite(table.written)
  return status
}

/** Removes an entry. Whether there was one. */
export function remove(table: AnyTable, key: Encoded): boolean {
  if (isNoting && isWatched(table)) return change(table, key, () => undefined) !== undefined
  const { heap, stripe } = table
  const isRemoved = checked(table, runLoneKey(heap, stripe, heap.core.remove, key)) === STATUS.removed
  table.keys.forget?.(key)
  countWrite(table.written)
  return isRemoved
}

/**
 * Makes of a value what `make` says; undefined: no entry. Returns what was there. For writes that have to know what they
 * replace: it tries until nobody comes in between, which others let it after some tries.
 */
export function change(
  table: AnyTable,
  key: Encoded,
  make: (before: Encoded | undefined) => Encoded | undefined,
): Encoded | undefined {
  for (let tries = 0; ; tries++) {
    const before = readAgain(table, key, tries)
    if (publish(table, key, before, make(before))) return before
  }
}

/** Sets or removes a value if the entry is still as it was seen; undefined: none. Whether it did. */
export function publish(table: AnyTable, key: Encoded, seen: Encoded | undefined, value: Encoded | undefined): boolean {
  if (!value) return !seen || removeIf(table, key, seen)
  return seen ? replaceIf(table, key, seen, value) : tryInsert(table, key, value)
}

/** Sets a value if the one that is there is `expected`. Whether it did. */
export function replaceIf(table: AnyTable, key: Encoded, expected: Encoded, value: Encoded): boolean {
  let isReplaced: boolean
  try {
    isReplaced = compareAndSet(table, key, expected, value)
  } catch (error) {
    if (!isOutOfMemory(error)) throw error
    isReplaced = replaceHeldIf(table, key, expected, value)
  }
  if (isReplaced) wrote(table, key, expected, value)
  return isReplaced
}

function compareAndSet(table: AnyTable, key: Encoded, expected: Encoded, value: Encoded): boolean {
  const { heap, stripe } = table
  let [expectedBlock, valueBlock] = [0, 0]
  let status: number = STATUS.outOfMemory
  try {
    expectedBlock = stageExpected(heap, expected)
    valueBlock = stageValue(heap, value, expectedBlock === 0 && isBlock(expected.meta))
    status = runKey(heap, stripe, heap.core.compareAndSet, key)
  } catch (error) {
    void soon.then(heap.mend)
    throw error
  } finally {
    if (valueBlock !== 0 && status !== STATUS.matched) heap.core.dropBlock(valueBlock)
    if (expectedBlock !== 0) heap.core.dropBlock(expectedBlock)
  }
  return checked(table, status) === STATUS.matched
}

/** The same where there is no room for a copy of what is expected, beside the value. */
function replaceHeldIf(table: AnyTable, key: Encoded, expected: Encoded, value: Encoded): boolean {
  const { heap } = table
  const block = stageInHeap(heap, value)
  let isReplaced = false
  try {
    pinning(table, key, (encoded) => {
      isReplaced = encoded !== undefined && sameEncoded(encoded, expected)
      return isReplaced ? 'replacePinned' : 'unpin'
    })
  } finally {
    if (block !== 0 && !isReplaced) heap.core.dropBlock(block)
  }
  return isReplaced
}

/** Removes an entry if its value is `expected`. Whether it did. It goes on when the heap is full. */
export function removeIf(table: AnyTable, key: Encoded, expected: Encoded): boolean {
  let isRemoved = false
  try {
    isRemoved = compareAndDelete(table, key, expected)
  } catch (error) {
    if (!isOutOfMemory(error)) throw error
    pinning(table, key, (encoded) => {
      isRemoved = encoded !== undefined && sameEncoded(encoded, expected)
      return isRemoved ? 'removePinned' : 'unpin'
    })
  }
  if (isRemoved) {
    table.keys.forget?.(key)
    wrote(table, key, expected, undefined)
  }
  return isRemoved
}

function compareAndDelete(table: AnyTable, key: Encoded, expected: Encoded): boolean {
  const { heap, stripe } = table
  let block = 0
  let status: number
  try {
    block = stageLoneExpected(heap, expected, key)
    status = runLoneKey(heap, stripe, heap.core.compareAndDelete, key, isBlock(expected.meta))
  } catch (error) {
    void soon.then(heap.mend)
    throw error
  } finally {
    if (block !== 0) heap.core.dropBlock(block)
  }
  return checked(table, status) === STATUS.matched
}

/** Adds 64 bits to those of a key: a status. The results have the sum. */
export function incrementWord(table: AnyTable, key: Encoded, by: Encoded): number {
  const { heap, stripe } = table
  stageValue(heap, by)
  return runKey(heap, stripe, heap.core.increment, key)
}

/** An operation with a value, whose block the table adopts if the value becomes the entry's. */
function write(table: AnyTable, operation: Universal, key: Encoded, value: Encoded): number {
  const { heap, stripe } = table
  let block = 0
  let status: number = STATUS.outOfMemory
  try {
    block = stageValue(heap, value)
    status = runKey(heap, stripe, operation, key)
  } catch (error) {
    void soon.then(heap.mend)
    throw error
  } finally {
    const isAdopted = status === STATUS.inserted || (status === STATUS.replaced && operation !== heap.core.insert)
    if (block !== 0 && !isAdopted) heap.core.dropBlock(block)
  }
  return checked(table, status)
}

function checked(table: AnyTable, status: number): number {
  if (status < 0) throw table.failure(status)
  return status
}
