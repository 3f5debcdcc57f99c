import { type Form, isBlock } from './codecs/form.js'
import { runKey, runLoneKey, stageExpected, stageLoneExpected, stageValue } from './codecs/operands.js'
import { resultForm } from './codecs/payload.js'
import { STATUS, type Universal } from './core/exports.js'
import type { Heap } from './heap.js'
import { countWrite, isNoting, noteClear, noteWrite } from './pending.js'
import type { AnyTable } from './table.js'

// What can be done to one key of a table, in terms of forms: the slower way, for what has no fast one. Each of these is
// one operation of the core, so it is atomic; each that writes says so to whoever has to notice.

/** Says that this thread has written a key; `value` undefined: has removed it. */
export function wrote({ space, address }: AnyTable, key: Form, value: Form | undefined): void {
  countWrite()
  if (isNoting) noteWrite(space, address, key, value)
}

/** Says that this thread has cleared the table. */
export function wroteAll({ space, address }: AnyTable): void {
  countWrite()
  if (isNoting) noteClear(space, address)
}

/** The value of a key as it is stored; undefined: there is no entry. */
export function read(table: AnyTable, key: Form): Form | undefined {
  const { heap, stripe } = table
  const status = runLoneKey(heap, stripe, heap.core.get, key)
  if (status === STATUS.found) return resultForm(heap)
  if (status === STATUS.outOfMemory) return readHeld(table, key)
  if (status < 0) throw table.failure(status)
  return undefined
}

/** The same on a heap that has no room for a copy of the value: it is copied while the chain is locked. */
export function readHeld(table: AnyTable, key: Form): Form | undefined {
  const { heap, stripe } = table
  let form: Form | undefined
  const hold = (stripe: number): number => {
    const status = heap.core.hold(stripe)
    if (status === STATUS.found) form = copyHeld(heap)
    return status
  }
  const status = runLoneKey(heap, stripe, hold, key)
  if (status < 0) throw table.failure(status)
  return form
}

/** Copies what hold() has described, and lets go. In between nothing may lock: a thread holds one lock at a time. */
function copyHeld(heap: Heap): Form {
  try {
    return resultForm(heap, true)
  } finally {
    heap.core.letGo()
  }
}

/** Whether there is an entry. */
export function holds(table: AnyTable, key: Form): boolean {
  const { heap, stripe } = table
  return checked(table, runLoneKey(heap, stripe, heap.core.has, key)) === STATUS.found
}

/** Sets a value. */
export function put(table: AnyTable, key: Form, value: Form): void {
  write(table, table.heap.core.set, key, value)
  wrote(table, key, value)
}

/** Sets a value unless there is one. Whether it did; if not, the results describe the value that is there. */
export function insert(table: AnyTable, key: Form, value: Form): boolean {
  const isInserted = write(table, table.heap.core.insert, key, value) === STATUS.inserted
  if (isInserted) wrote(table, key, value)
  return isInserted
}

/** The same where nobody wants to know what is there. */
export function tryInsert(table: AnyTable, key: Form, value: Form): boolean {
  const isInserted = insert(table, key, value)
  if (!isInserted) table.heap.core.dropResult() // if it was too long for the scratch page
  return isInserted
}

/** Sets a value. Whether there was one: then the results describe it. */
export function exchange(table: AnyTable, key: Form, value: Form): boolean {
  const isReplaced = write(table, table.heap.core.exchange, key, value) === STATUS.replaced
  wrote(table, key, value)
  return isReplaced
}

/** Removes an entry. Whether there was one: then the results describe its value. */
export function take(table: AnyTable, key: Form): boolean {
  const { heap, stripe } = table
  const isTaken = checked(table, runLoneKey(heap, stripe, heap.core.take, key)) === STATUS.removed
  wrote(table, key, undefined)
  return isTaken
}

/** Removes an entry. Whether there was one. */
export function remove(table: AnyTable, key: Form): boolean {
  const { heap, stripe } = table
  const isRemoved = checked(table, runLoneKey(heap, stripe, heap.core.remove, key)) === STATUS.removed
  wrote(table, key, undefined)
  return isRemoved
}

/** Sets a value if the one that is there is `expected`. Whether it did. */
export function replaceIf(table: AnyTable, key: Form, expected: Form, value: Form): boolean {
  const { heap, stripe } = table
  let [expectedBlock, valueBlock] = [0, 0]
  let status: number = STATUS.outOfMemory
  try {
    expectedBlock = stageExpected(heap, expected)
    valueBlock = stageValue(heap, value, expectedBlock === 0 && isBlock(expected.meta))
    status = runKey(heap, stripe, heap.core.compareAndSet, key)
  } finally {
    if (valueBlock !== 0 && status !== STATUS.matched) heap.core.dropBlock(valueBlock)
    if (expectedBlock !== 0) heap.core.dropBlock(expectedBlock)
  }
  if (checked(table, status) !== STATUS.matched) return false
  wrote(table, key, value)
  return true
}

/** Removes an entry if its value is `expected`. Whether it did. */
export function removeIf(table: AnyTable, key: Form, expected: Form): boolean {
  const { heap, stripe } = table
  let block = 0
  let status: number
  try {
    block = stageLoneExpected(heap, expected, key)
    status = runLoneKey(heap, stripe, heap.core.compareAndDelete, key, isBlock(expected.meta))
  } finally {
    if (block !== 0) heap.core.dropBlock(block)
  }
  if (checked(table, status) !== STATUS.matched) return false
  wrote(table, key, undefined)
  return true
}

/** Adds 64 bits to those of a key: a status. The results have the sum. */
export function addWord(table: AnyTable, key: Form, by: Form): number {
  const { heap, stripe } = table
  stageValue(heap, by)
  return runKey(heap, stripe, heap.core.add, key)
}

/** An operation with a value, whose block the table adopts if the value becomes the entry's. */
function write(table: AnyTable, operation: Universal, key: Form, value: Form): number {
  const { heap, stripe } = table
  let block = 0
  let status: number = STATUS.outOfMemory
  try {
    block = stageValue(heap, value)
    status = runKey(heap, stripe, operation, key)
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
